import type { SeededRandom } from '../src/camera/synthetic/random.js';
import { EPISODE_S, type Scene } from '../src/camera/synthetic/scene.js';

/** Share of moments that are taken as they come, and how often others are looked for. */
const KEPT_WHATEVER = 0.1;
const MAX_ATTEMPTS = 6;

/**
 * A moment of an episode, in seconds; most of the empty ones are passed over.
 * @param picture is drawn over.
 */
export function momentWithObjects(
  scene: Scene,
  episode: number,
  random: SeededRandom,
  picture: Uint8Array,
): number {
  for (let attempt = 0; ; attempt++) {
    const timeS = Math.round((episode + random.next()) * EPISODE_S * 1000) / 1000;
    if (attempt === MAX_ATTEMPTS || random.chance(KEPT_WHATEVER)) return timeS;
    if (scene.draw(timeS, picture).length > 0) return timeS;
  }
}
