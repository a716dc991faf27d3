import { Type } from 'typebox';
import {
  MODEL_SCHEMA,
  orNull,
  timestampSchema,
  versionField,
  wordSchema,
} from './common-schemas.js';
import type { PayloadOf } from './payload-of.js';

export const MODEL_STATE_SCHEMA = Type.Object(
  {
    ...versionField,
    phase: wordSchema(
      ['idle', 'verifying', 'warming', 'switching', 'active', 'rejected'],
      'The active model serves in every phase but `idle`; `rejected`: a candidate failed, and the active one went on.',
    ),
    active: orNull(MODEL_SCHEMA),
    previous: orNull(MODEL_SCHEMA),
    candidate: orNull(
      Type.Object(
        { file: Type.String() },
        { description: 'What is being tried, or was refused last.' },
      ),
    ),
    error: orNull(
      Type.Object(
        {
          code: Type.String({
            description:
              '`unreadable`, `not-a-detector`, `unsupported`, `failed-on-frame`, or `failed`.',
          }),
          detail: Type.String({ description: 'One sentence for people.' }),
        },
        { description: 'Why the candidate was refused.' },
      ),
    ),
    since: timestampSchema('Of the last change of phase.'),
  },
  { title: 'model-state', description: "Where the model's life stands." },
);

/** Topic `model/state`: where the model life cycle stands. */
export type ModelStatePayload = PayloadOf<typeof MODEL_STATE_SCHEMA>;
