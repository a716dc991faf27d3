import { Type } from 'typebox';
import { countSchema, orNull, versionField, wordSchema } from './common-schemas.js';
import type { PayloadOf } from './payload-of.js';

export const RESPONSE_SCHEMA = Type.Object(
  {
    ...versionField,
    id: orNull(Type.String({ description: 'As it was given; null where none was.' })),
    verb: Type.String({ description: 'For a setting all levels of its topic below the node.' }),
    status: wordSchema(
      ['ok', 'error', 'accepted'],
      '`accepted`: it is slow, and the end of it is told later.',
    ),
    data: Type.Unknown({ description: 'What was asked for; null unless the status is `ok`.' }),
    error: orNull(
      Type.Object({
        code: Type.String({ description: 'Stable word for programs.' }),
        message: Type.String({ description: 'One sentence for people.' }),
      }),
    ),
    took_ms: countSchema('From the arrival of the command.'),
  },
  { title: 'response', description: 'What became of a command.' },
);

/** Topics `response/{verb}`: what became of a command. */
export type ResponsePayload = PayloadOf<typeof RESPONSE_SCHEMA>;
