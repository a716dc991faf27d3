import { Type } from 'typebox';
import {
  countSchema,
  orNull,
  timestampSchema,
  versionField,
  wordSchema,
} from './common-schemas.js';
import type { PayloadOf } from './payload-of.js';

export const CAMERA_STATE_SCHEMA = Type.Object(
  {
    ...versionField,
    phase: wordSchema(
      ['starting', 'running', 'stalled', 'restarting', 'paused', 'stopped'],
      '`stalled`: frames have ceased to come or to be detected, and nothing has failed yet; `restarting`: it failed, or was asked to; `paused`: detection is switched off.',
    ),
    reason: orNull(
      Type.String({ description: 'One sentence for people; null where the phase says it all.' }),
    ),
    since: timestampSchema('Begin of the phase.'),
    restarts: countSchema('How often it was started again, since the start.'),
  },
  { title: 'camera-state', description: 'How a camera fares.' },
);

/** Topics `cam/{c}/state`: how a camera fares. */
export type CameraStatePayload = PayloadOf<typeof CAMERA_STATE_SCHEMA>;
