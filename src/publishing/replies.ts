import type { Reply } from '../contract/reply.js';

/** An answer to a command on its way to the broker. */
export interface ReplyParcel {
  readonly kind: 'reply';
  readonly reply: Reply;
}

/** Answers that wait for the broker; an asker who gets none asks again. */
export class Replies {
  readonly #limit: number;
  readonly #waiting: ReplyParcel[] = [];
  #dropped = 0;

  /** @param limit a further one is dropped and counted. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get dropped(): number {
    return this.#dropped;
  }

  push(reply: Reply): void {
    if (this.#waiting.length < this.#limit) this.#waiting.push({ kind: 'reply', reply });
    else this.#dropped += 1;
  }

  take(): ReplyParcel | null {
    return this.#waiting.shift() ?? null;
  }
}
