import { Type } from 'typebox';
import { timestampSchema } from './common-schemas.js';
import { EVENT_SCHEMA } from './event-schema.js';
import { INFO_SCHEMA } from './info-schema.js';
import { MODEL_STATE_SCHEMA } from './model-state-schema.js';

/** What a payload is: JSON as its schema says, or a plain text that the schema describes. */
export const PAYLOADS = {
  availability: {
    contentType: 'text/plain',
    schema: Type.Enum(['online', 'offline'], { title: 'availability' }),
  },
  'on-off': { contentType: 'text/plain', schema: Type.Enum(['ON', 'OFF'], { title: 'on-off' }) },
  count: {
    contentType: 'text/plain',
    schema: Type.String({ title: 'count', pattern: '^(0|[1-9]\\d*)$' }),
  },
  timestamp: { contentType: 'text/plain', schema: timestampSchema('RFC 3339, UTC, milliseconds.') },
  event: { contentType: 'application/json', schema: EVENT_SCHEMA },
  info: { contentType: 'application/json', schema: INFO_SCHEMA },
  'model-state': { contentType: 'application/json', schema: MODEL_STATE_SCHEMA },
} as const;

export type PayloadName = keyof typeof PAYLOADS;
