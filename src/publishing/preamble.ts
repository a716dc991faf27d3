import type { Message } from './session.js';

/** What is told before all states, on each connection and whenever all is told again. */
export interface Preamble {
  /** The messages, to be sent one after the other in this order. */
  messages(): readonly Message[];
  /** Called when the broker has answered for the last of them. */
  delivered(): void;
}

/** A message of the preamble on its way to the broker. */
export interface PreambleParcel {
  readonly kind: 'preamble';
  readonly message: Message;
  readonly isLast: boolean;
}

/** Hands out the messages of a preamble one after the other. */
export class PreambleQueue {
  readonly #preamble: Preamble | null;
  #waiting: PreambleParcel[] = [];

  constructor(preamble: Preamble | null) {
    this.#preamble = preamble;
  }

  startOver(): void {
    const messages = this.#preamble?.messages() ?? [];
    this.#waiting = messages.map((message, i) => ({
      kind: 'preamble',
      message,
      isLast: i === messages.length - 1,
    }));
  }

  take(): PreambleParcel | null {
    return this.#waiting.shift() ?? null;
  }

  acknowledge({ isLast }: PreambleParcel): void {
    if (isLast) this.#preamble?.delivered();
  }
}
