import { Type } from 'typebox';
import { countSchema, timestampSchema, versionField, wordSchema } from './common-schemas.js';
import type { PayloadOf } from './payload-of.js';

export const LOG_SCHEMA = Type.Object(
  {
    ...versionField,
    time: timestampSchema('When it was said, the last time where it was said several times.'),
    level: wordSchema(['error', 'warn']),
    message: Type.String({ description: 'One sentence for people, with its details.' }),
    count: Type.Integer({ minimum: 1, description: 'How often it was said.' }),
    omitted: countSchema('Other lines since the one before that were too many or got too old.'),
  },
  { title: 'log', description: 'A warning or an error as it stands in the log.' },
);

/** Topic `log`: a warning or an error as it stands in the log. */
export type LogPayload = PayloadOf<typeof LOG_SCHEMA>;
