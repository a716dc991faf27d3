import type { Config } from '../config/schema.js';
import { zonesOf } from '../config/zone-list.js';
import type { ScoreThresholds } from '../domain/score-thresholds.js';
import type { Publisher } from '../publishing/publisher.js';
import { NO_LIMIT_FPS } from './camera-handlers.js';
import type { Motion } from './motion-wiring.js';
import type { Pictures } from './pictures.js';

/** What knows how its own knobs stand. */
export interface KnobHolders {
  readonly pictures: Pick<Pictures, 'ofEvents'>;
  readonly motion: Pick<Motion, 'isGateOn'>;
}

/** Tells the knobs that are there from the start, as they are then. */
export function tellSettings(
  { log, zones }: Pick<Config, 'log' | 'zones'>,
  { pictures, motion }: KnobHolders,
  tell: Publisher['setState'],
): void {
  const node = { log_level: log.level, inference_max_fps: String(NO_LIMIT_FPS) };
  for (const [name, value] of Object.entries(node)) {
    tell({ kind: 'setting', scope: 'node', name, value });
  }
  const camera = {
    detect: 'ON',
    motion_gate: motion.isGateOn ? 'ON' : 'OFF',
    publish_images: pictures.ofEvents.isOn ? 'ON' : 'OFF',
    max_fps: String(NO_LIMIT_FPS),
    ...Object.fromEntries(zonesOf(zones).map(({ id }) => [`zone/${id}`, 'ON'])),
  };
  for (const [name, value] of Object.entries(camera)) {
    tell({ kind: 'setting', scope: 'camera', name, value });
  }
}

/** Takes over the labels that there are from now on, and tells the threshold of each. */
export function tellThresholds(
  thresholds: ScoreThresholds,
  labels: readonly string[],
  tell: Publisher['setState'],
): void {
  const before = thresholds.bySlug;
  thresholds.setLabels(labels);
  const now = thresholds.bySlug;
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    const value = now.get(name);
    tell({
      kind: 'setting',
      scope: 'camera',
      name: `threshold/${name}`,
      value: value === undefined ? null : String(value),
    });
  }
}
