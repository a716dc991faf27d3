import { crc32c } from './crc32c.js';
import { type EntryFacts, phaseCode, phaseOf } from './outbox-entry.js';

/*
 * An entry as it stands in the store's files:
 *   "LkO1" · CRC-32C of all that follows (4) · key (6) · time (6) · phase (1) · length (4) · JSON
 * Numbers are big-endian. Since it names its own key and length, and the files are not compressed,
 * it is found by its first bytes even where LevelDB no longer finds it.
 */
const MAGIC = Buffer.from('LkO1');
const CRC_AT = 4;
const KEY_AT = 8;
const TIME_AT = 14;
const PHASE_AT = 20;
const LENGTH_AT = 21;
const BODY_AT = 25;

const KEY_DIGITS = 12;
const KEY_PATTERN = /^[0-9a-f]{12}$/;

/** Bytes of a record besides its body. */
export const RECORD_OVERHEAD_BYTES = BODY_AT;

/** What a record holds. */
export interface EventRecord extends EntryFacts {
  /** Position in the order of events, from 0 to below 2 ** 48. */
  readonly key: number;
  /** The JSON; a view of the record's bytes. */
  readonly body: Uint8Array;
}

/** The name that a key has in the store: as a text it sorts as the number does. */
export function nameOf(key: number): string {
  return key.toString(16).padStart(KEY_DIGITS, '0');
}

/** The key that a name stands for, or null when it is not one of ours. */
export function keyOf(name: string): number | null {
  return KEY_PATTERN.test(name) ? Number.parseInt(name, 16) : null;
}

/** A record's bytes. */
export function encodeRecord({ key, occurredAtMs, phase, body }: EventRecord): Buffer {
  const bytes = Buffer.alloc(BODY_AT + body.length);
  MAGIC.copy(bytes);
  bytes.writeUIntBE(key, KEY_AT, 6);
  bytes.writeUIntBE(Math.max(0, Math.round(occurredAtMs)), TIME_AT, 6);
  bytes.writeUInt8(phaseCode(phase), PHASE_AT);
  bytes.writeUInt32BE(body.length, LENGTH_AT);
  bytes.set(body, BODY_AT);
  bytes.writeUInt32BE(crc32c(bytes.subarray(KEY_AT)), CRC_AT);
  return bytes;
}

/** The record that these bytes are, or null when they are not as they were written. */
export function decodeRecord(bytes: Uint8Array): EventRecord | null {
  const record = recordAt(asBuffer(bytes), 0);
  return record?.body.length === bytes.length - BODY_AT ? record : null;
}

/** All records that stand whole somewhere in a file, with the bytes of each. */
export function* findRecords(
  file: Uint8Array,
): Generator<{ readonly key: number; readonly bytes: Uint8Array }> {
  const bytes = asBuffer(file);
  let at = bytes.indexOf(MAGIC);
  while (at !== -1) {
    const record = recordAt(bytes, at);
    const end = at + (record ? BODY_AT + record.body.length : 1);
    if (record) yield { key: record.key, bytes: bytes.subarray(at, end) };
    at = bytes.indexOf(MAGIC, end);
  }
}

function recordAt(bytes: Buffer, at: number): EventRecord | null {
  if (bytes.length - at < BODY_AT || bytes.indexOf(MAGIC, at) !== at) return null;
  const end = at + BODY_AT + bytes.readUInt32BE(at + LENGTH_AT);
  if (end > bytes.length) return null;
  if (crc32c(bytes.subarray(at + KEY_AT, end)) !== bytes.readUInt32BE(at + CRC_AT)) return null;
  const phase = phaseOf(bytes.readUInt8(at + PHASE_AT));
  if (phase === null) return null;
  return {
    key: bytes.readUIntBE(at + KEY_AT, 6),
    occurredAtMs: bytes.readUIntBE(at + TIME_AT, 6),
    phase,
    body: bytes.subarray(at + BODY_AT, end),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
