import { messageOf } from '../errors.js';
import { type ObjectSchema, problemOf, type TextSchema, type ValueOf } from './json-schema.js';

/** Longest payload of a command. */
export const MAX_PAYLOAD_BYTES = 16 * 1024;
/** Objects and lists in one another, the envelope included. */
const MAX_DEPTH = 8;

const ENVELOPE_ID = {
  type: 'string',
  minLength: 1,
  maxLength: 128,
  pattern: '^[^\\p{Cc}\\p{Cs}]+$',
  description: 'a text without control characters',
} as const satisfies TextSchema;

/** What is around the arguments of a command. */
export const ENVELOPE = {
  type: 'object',
  properties: {
    v: { enum: [1] },
    id: ENVELOPE_ID,
    args: true,
    issued_at: {
      type: 'string',
      minLength: 20,
      maxLength: 40,
      pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
      description: 'a time like 2026-11-21T03:47:37Z',
    },
  },
  required: [],
  additionalProperties: false,
} as const satisfies ObjectSchema;

/** The payload of a command, taken apart. */
export interface Envelope {
  readonly id: string | null;
  /** A bare value is a text, whatever it stands for. Undefined: none were given. */
  readonly args: unknown;
  readonly isBare: boolean;
  /** Unix ms. */
  readonly issuedAtMs: number | null;
}

export type EnvelopeReading =
  | { readonly kind: 'read'; readonly envelope: Envelope }
  | {
      readonly kind: 'refused';
      readonly reason: 'too-large' | 'malformed';
      readonly message: string;
    };

/** Reads a request's payload: an envelope, or nothing at all. */
export function readRequest(payload: Uint8Array): EnvelopeReading {
  return readText(payload, (text) => (text === '' ? readJson('{}') : readJson(text)));
}

/** Reads a setting's payload: an envelope, or the bare value. */
export function readSetting(payload: Uint8Array): EnvelopeReading {
  return readText(payload, (text) => {
    if (text.startsWith('{')) return readJson(text);
    const envelope: Envelope = { id: null, args: text, isBare: true, issuedAtMs: null };
    return { kind: 'read', envelope };
  });
}

function readText(payload: Uint8Array, read: (text: string) => EnvelopeReading): EnvelopeReading {
  if (payload.length > MAX_PAYLOAD_BYTES) {
    const message = `payload: found ${payload.length} bytes, expected at most ${MAX_PAYLOAD_BYTES}`;
    return { kind: 'refused', reason: 'too-large', message };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    return malformed('payload: found bytes that are no UTF-8');
  }
  return read(text.trim());
}

function readJson(text: string): EnvelopeReading {
  if (!text.startsWith('{')) {
    return malformed('payload: expected a JSON object like {"id":"1","args":{}}, or nothing');
  }
  if (depthOf(text) > MAX_DEPTH) {
    return malformed(`payload: found JSON deeper than ${MAX_DEPTH} levels`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return malformed(`payload: not JSON: ${messageOf(error).slice(0, 120)}`);
  }
  const problem = problemOf(value, ENVELOPE, 'payload');
  if (problem !== null) return malformed(problem);
  const { id = null, args, issued_at: issuedAt } = value as ValueOf<typeof ENVELOPE>;
  const issuedAtMs = issuedAt === undefined ? null : Date.parse(issuedAt);
  if (Number.isNaN(issuedAtMs)) {
    return malformed(`payload.issued_at: found "${issuedAt}", which is no time`);
  }
  return { kind: 'read', envelope: { id, args, isBare: false, issuedAtMs } };
}

/** Most brackets that are open at a time; for text that is no JSON, any number. */
function depthOf(text: string): number {
  const withoutStrings = text.replace(/"(?:[^"\\]|\\.)*"?/gs, '');
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of withoutStrings.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function malformed(message: string): EnvelopeReading {
  return { kind: 'refused', reason: 'malformed', message };
}
