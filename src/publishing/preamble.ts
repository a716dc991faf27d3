import type { MessageForm } from '../contract/topic-table.js';

/** A message that is told before all states. */
export interface PreambleMessage extends MessageForm {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** What is told before all states, on each connection and whenever all is told again. */
export interface Preamble {
  /** Topics of which the broker may keep something of it; another list is noted with the next announcement. */
  readonly retainedTopics: readonly string[];
  /** The messages, to be sent one after the other in this order. */
  messages(): readonly PreambleMessage[];
  /** Called when the broker has answered for the last of them. */
  delivered(): void;
}

/** A message of the preamble on its way to the broker. */
export interface PreambleParcel {
  readonly kind: 'preamble';
  readonly message: PreambleMessage;
}

const NOTHING: readonly string[] = [];

/** Hands out the messages of a preamble one after the other. */
export class PreambleQueue {
  readonly #preamble: Preamble | null;
  #waiting: PreambleParcel[] = [];
  #last: PreambleParcel | null = null;

  constructor(preamble: Preamble | null) {
    this.#preamble = preamble;
  }

  get retainedTopics(): readonly string[] {
    return this.#preamble?.retainedTopics ?? NOTHING;
  }

  startOver(): void {
    const messages = this.#preamble?.messages() ?? [];
    this.#waiting = messages.map((message) => ({ kind: 'preamble', message }));
    this.#last = this.#waiting.at(-1) ?? null;
  }

  take(): PreambleParcel | null {
    return this.#waiting.shift() ?? null;
  }

  acknowledge(parcel: PreambleParcel): void {
    // One that was begun before the present one does not count.
    if (parcel === this.#last) this.#preamble?.delivered();
  }
}
