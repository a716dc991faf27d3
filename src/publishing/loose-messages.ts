import type { Message } from './session.js';

/** A message that may be lost, on its way to the broker. */
export interface LooseParcel {
  readonly kind: 'loose';
  /** Of which kind of messages. */
  readonly of: string;
  readonly message: Message;
}

/**
 * Messages that are of use only while they are new: pictures and streams. Of each kind one is on its
 * way and only the newest wait, so that a slow connection gets no queue of old ones; while there is
 * no connection nothing waits.
 */
export class LooseMessages {
  readonly #maxBytes: number;
  /** What waits by its kind, the longest waiting first. */
  readonly #waiting = new Map<string, readonly Message[]>();
  /** Kinds that have a message on its way. */
  readonly #busy = new Set<string>();
  /** Retained ones that went through here. */
  readonly #topics = new Set<string>();
  #bytes = 0;
  #isOpen = false;
  #dropped = 0;

  /** @param maxBytes of payloads that may wait; beyond them the longest waiting are dropped. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Messages that were overtaken, did not fit or found no connection. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Topics that hold a retained message of these. */
  get topics(): ReadonlySet<string> {
    return this.#topics;
  }

  /**
   * Appends messages that go out one after the other; what still waits of their kind is dropped.
   * @returns whether `topics` has grown.
   */
  push(kind: string, messages: readonly Message[]): boolean {
    const known = this.#topics.size;
    if (!this.#isOpen) {
      this.#dropped += messages.length;
      return false;
    }
    this.#drop(kind);
    this.#waiting.set(kind, messages);
    this.#bytes += bytesOf(messages);
    for (const { topic, retain } of messages) if (retain) this.#topics.add(topic);
    for (const oldest of this.#waiting.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
    return this.#topics.size > known;
  }

  take(): LooseParcel | null {
    for (const [kind, [message, ...rest]] of this.#waiting) {
      if (this.#busy.has(kind)) continue;
      if (rest.length > 0) this.#waiting.set(kind, rest);
      else this.#waiting.delete(kind);
      if (message === undefined) continue;
      this.#bytes -= bytesOf([message]);
      this.#busy.add(kind);
      return { kind: 'loose', of: kind, message };
    }
    return null;
  }

  /** Says that the message is out: the next one of its kind may follow. */
  acknowledge({ of }: LooseParcel): void {
    this.#busy.delete(of);
  }

  /** Drops what waits of a kind, and forgets topics. */
  forget(kind: string | null, topics: readonly string[]): void {
    if (kind !== null) this.#drop(kind);
    for (const topic of topics) this.#topics.delete(topic);
  }

  /** Begins a new connection. */
  startOver(): void {
    this.cutOff();
    this.#isOpen = true;
  }

  /** The connection has ended: drops all that waits, and what comes until the next one. */
  cutOff(): void {
    for (const kind of this.#waiting.keys()) this.#drop(kind);
    this.#busy.clear();
    this.#isOpen = false;
  }

  #drop(kind: string): void {
    const messages = this.#waiting.get(kind) ?? [];
    this.#waiting.delete(kind);
    this.#bytes -= bytesOf(messages);
    this.#dropped += messages.length;
  }
}

function bytesOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { payload }) => sum + payload.length, 0);
}
