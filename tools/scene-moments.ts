import type { SeededRandom } from '../src/camera/synthetic/random.js';
import { EPISODE_S, type Scene, type SceneObject } from '../src/camera/synthetic/scene.js';

/** Share of moments that are taken as they come, and how often others are looked for. */
const KEPT_WHATEVER = 0.1;
const MAX_ATTEMPTS = 6;

/** A moment of a scene, in seconds, and what is in it. */
export interface Moment {
  readonly timeS: number;
  readonly objects: readonly SceneObject[];
}

/**
 * Draws a moment of an episode; most of the empty ones are passed over.
 * @param picture takes rgb24 without padding.
 */
export function drawSomeMoment(
  scene: Scene,
  episode: number,
  random: SeededRandom,
  picture: Uint8Array,
): Moment {
  for (let attempt = 0; ; attempt++) {
    const timeS = Math.round((episode + random.next()) * EPISODE_S * 1000) / 1000;
    const isTakenAnyway = attempt === MAX_ATTEMPTS || random.chance(KEPT_WHATEVER);
    const objects = scene.draw(timeS, picture);
    if (isTakenAnyway || objects.length > 0) return { timeS, objects };
  }
}
