import type { CommandHandlers } from '../commands/command-table.js';
import type { ScoreThresholds } from '../domain/score-thresholds.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Publisher } from '../publishing/publisher.js';

/** What commands to the camera act upon. */
export interface CameraParts {
  readonly pipeline: Pick<Pipeline, 'pause' | 'resume'>;
  readonly thresholds: ScoreThresholds;
  readonly publisher: Publisher;
}

/** What each command to the camera does here. */
export function cameraHandlers({ pipeline, thresholds, publisher }: CameraParts) {
  const told = (name: string, value: string): void => {
    publisher.setState({ kind: 'setting', scope: 'camera', name, value });
  };
  return {
    'set/detect': ({ value }) => {
      if (value === 'ON') pipeline.resume();
      else pipeline.pause();
      told('detect', value);
    },
    'set/threshold': ({ label, value }) => {
      thresholds.set(label, value);
      told(`threshold/${label}`, String(value));
    },
  } satisfies CommandHandlers;
}
