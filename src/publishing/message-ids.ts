import { randomFillSync } from 'node:crypto';
import { ulid } from 'ulid';

/** Ids that one call to the system's generator is good for. */
const IDS_PER_FILL = 64;
/** Characters of a ULID that are random. */
const RANDOM_CHARS = 16;

/**
 * Keys for messages: ULIDs, sortable by time (https://github.com/ulid/spec). Their random part is
 * drawn ahead: asked for character by character, the system's generator takes as long as
 * the rest of a message.
 */
export class MessageIds {
  readonly #random = new Uint8Array(IDS_PER_FILL * RANDOM_CHARS);
  #used = this.#random.length;

  /** A new key. */
  next(): string {
    return ulid(undefined, () => this.#fraction());
  }

  /** From 0 to below 1; of the eight bits the library keeps the first five. */
  #fraction(): number {
    if (this.#used >= this.#random.length) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    const byte = this.#random[this.#used] ?? 0;
    this.#used += 1;
    return byte / 256;
  }
}
