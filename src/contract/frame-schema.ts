import { Type } from 'typebox';
import { MODEL_SCHEMA, versionField } from './common-schemas.js';
import {
  BOX_PX_SCHEMA,
  BOX_SCHEMA,
  FRAME_INFO_SCHEMA,
  LATENCY_SCHEMA,
  objectFields,
  TIME_SCHEMA,
} from './event-schema.js';
import type { PayloadOf } from './payload-of.js';

const OBJECT = Type.Object({
  ...objectFields,
  seen: Type.Boolean({
    description: 'Whether this frame shows it; else its box is where it is expected.',
  }),
  box: BOX_SCHEMA,
  box_px: BOX_PX_SCHEMA,
});

export const FRAME_SCHEMA = Type.Object(
  {
    ...versionField,
    seq: Type.Integer({
      minimum: 1,
      description: 'Counts these messages of one `boot_id`; a gap means that some were lost.',
    }),
    boot_id: Type.String(),
    node: Type.String(),
    camera: Type.String(),
    frame: FRAME_INFO_SCHEMA,
    time: TIME_SCHEMA,
    latency_ms: LATENCY_SCHEMA,
    model: MODEL_SCHEMA,
    objects: Type.Array(OBJECT, { description: 'The oldest first; empty when the last has gone.' }),
  },
  { title: 'frame', description: 'What is seen in one frame.' },
);

/** Topic `cam/{c}/frame`: what is seen in one frame. */
export type FramePayload = PayloadOf<typeof FRAME_SCHEMA>;
