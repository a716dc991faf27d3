import { type TSchema, Type } from 'typebox';
import type { PayloadOf } from './payload-of.js';
import { PAYLOAD_VERSION } from './version.js';

/** The field that every JSON payload begins with. */
export const versionField = {
  v: Type.Literal(PAYLOAD_VERSION, {
    description: 'Version of the payload; fields may be added within it.',
  }),
};

/** A moment. */
export function timestampSchema(description: string) {
  return Type.String({
    format: 'date-time',
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
    description,
  });
}

/** A number from 0 to 1. */
export function shareSchema(description: string) {
  return Type.Number({ minimum: 0, maximum: 1, description });
}

/** A number from 0 on. */
export function amountSchema(description: string) {
  return Type.Number({ minimum: 0, description });
}

/** A whole number from 0 on. */
export function countSchema(description: string) {
  return Type.Integer({ minimum: 0, description });
}

/** What may be missing as null. */
export function orNull<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** One of these words. */
export function wordSchema<const Word extends string>(
  words: readonly Word[],
  description?: string,
) {
  return Type.Unsafe<Word>({ enum: words, ...(description !== undefined && { description }) });
}

export const MODEL_SCHEMA = Type.Object(
  {
    name: Type.String(),
    sha256_12: Type.String({
      pattern: '^[0-9a-f]{12}$',
      description: 'First 12 hexadecimal digits of the SHA-256 of the file.',
    }),
  },
  { description: 'A model as messages name it.' },
);

/** A model as messages name it. */
export type ModelPayload = PayloadOf<typeof MODEL_SCHEMA>;
