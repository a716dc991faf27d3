import { FPS } from '../commands/command-spec.js';
import type { CommandHandlers } from '../commands/command-table.js';
import type { ScoreThresholds } from '../domain/score-thresholds.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Publisher } from '../publishing/publisher.js';
import type { ZoneSwitches } from '../tracking/tracker.js';
import type { Motion } from './motion-wiring.js';
import type { Pictures } from './pictures.js';

/** The highest value of `set/max_fps` and `set/inference_max_fps`. */
export const NO_LIMIT_FPS = FPS.maximum;

/** The limit that a value of a setting means; null: none. */
export function limitOf(perSecond: number): number | null {
  return perSecond < NO_LIMIT_FPS ? perSecond : null;
}

/** What commands to the camera act upon. */
export interface CameraParts {
  readonly cameraId: string;
  readonly restartCamera: (signal: AbortSignal) => Promise<void>;
  readonly pipeline: Pick<Pipeline, 'pause' | 'resume' | 'limitRate' | 'limitInference'>;
  readonly motion: Pick<Motion, 'switchGate'>;
  readonly thresholds: ScoreThresholds;
  readonly zones: ZoneSwitches;
  readonly pictures: Pick<Pictures, 'ofEvents' | 'snapshot'>;
  readonly publisher: Publisher;
}

/** What each command to the camera does here. */
export function cameraHandlers(parts: CameraParts) {
  const { cameraId, pipeline, motion, thresholds, zones, pictures, publisher } = parts;
  const told = (name: string, value: string): void => {
    publisher.setState({ kind: 'setting', scope: 'camera', name, value });
  };
  const check = (camera = cameraId): void => {
    if (camera !== cameraId) throw new Error(`there is no camera "${camera}", only "${cameraId}"`);
  };
  return {
    'camera/restart': async ({ camera }, signal) => {
      check(camera);
      await parts.restartCamera(signal);
    },
    snapshot: async ({ camera }) => {
      check(camera);
      return await pictures.snapshot();
    },
    'set/detect': ({ value }) => {
      if (value === 'ON') pipeline.resume();
      else pipeline.pause();
      told('detect', value);
    },
    'set/motion_gate': ({ value }) => {
      motion.switchGate(value === 'ON');
      told('motion_gate', value);
    },
    'set/max_fps': ({ value }) => {
      pipeline.limitRate(limitOf(value));
      told('max_fps', String(value));
    },
    'set/publish_images': ({ value }) => {
      pictures.ofEvents.switch(value === 'ON');
      told('publish_images', value);
    },
    'set/threshold': ({ label, value }) => {
      thresholds.set(label, value);
      told(`threshold/${label}`, String(value));
    },
    'set/zone': ({ zone, value }) => {
      zones.switchZone(zone, value === 'ON');
      told(`zone/${zone}`, value);
    },
  } satisfies CommandHandlers;
}
