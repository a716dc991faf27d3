import { Type } from 'typebox';
import { timestampSchema, versionField, wordSchema } from './common-schemas.js';
import type { PayloadOf } from './payload-of.js';
import { PROBLEM_IDS } from './problem-ids.js';

export const ALERT_SCHEMA = Type.Object(
  {
    ...versionField,
    id: wordSchema(PROBLEM_IDS),
    level: wordSchema(['degraded', 'failed'], '`failed`: nothing is detected.'),
    detail: Type.String({ description: 'One sentence for people.' }),
    since: timestampSchema('Begin.'),
  },
  { title: 'alert', description: 'One thing that is wrong now.' },
);

/** Topics `alert/{id}`: one thing that is wrong now. */
export type AlertPayload = PayloadOf<typeof ALERT_SCHEMA>;

export type ProblemId = AlertPayload['id'];
