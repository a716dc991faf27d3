/** Where in the life of an object an event stands. */
export type EventPhase = (typeof PHASES)[number];

/** The position in this list is what is written. */
const PHASES = ['start', 'update', 'end'] as const;

/** An event to be kept until the broker has it. */
export interface OutboxEntry {
  /** Key of the message, a ULID; the same however often it is sent. */
  readonly id: string;
  /** Count of the events of the boot it happened in. */
  readonly seq: number;
  /** The label as a topic level. */
  readonly label: string;
  readonly phase: EventPhase;
  /** Unix ms, a whole number. */
  readonly occurredAtMs: number;
  /** The event as JSON, as built when it happened. */
  readonly payload: object;
}

/** What is known of an entry without parsing it. */
export type EntryFacts = Pick<OutboxEntry, 'phase' | 'occurredAtMs'>;

/** The parts of an entry that are kept as JSON. */
export function encodeBody({ id, seq, label, payload }: OutboxEntry): Buffer {
  return Buffer.from(JSON.stringify({ id, seq, label, payload }));
}

/** An entry from its parts, or null when the JSON is not what `encodeBody` makes. */
export function decodeBody(body: Uint8Array, facts: EntryFacts): OutboxEntry | null {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch {
    return null;
  }
  if (!isRecord(parts)) return null;
  const { id, seq, label, payload } = parts;
  const isEntry =
    typeof id === 'string' &&
    Number.isSafeInteger(seq) &&
    typeof label === 'string' &&
    isRecord(payload);
  if (!isEntry) return null;
  const { phase, occurredAtMs } = facts;
  return { id, seq: Number(seq), label, phase, occurredAtMs, payload };
}

/** The byte that stands for a phase. */
export function phaseCode(phase: EventPhase): number {
  return PHASES.indexOf(phase);
}

/** The phase a byte stands for, or null. */
export function phaseOf(code: number): EventPhase | null {
  return PHASES[code] ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
