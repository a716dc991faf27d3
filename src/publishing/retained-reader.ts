import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage } from '../contract/incoming-message.js';
import type { Session } from './session.js';

/** Retained messages come in one go: when none has come for so long, those were all. */
const QUIET_MS = 500;
/** Where a node that lives goes on telling. */
const LONGEST_MS = 5_000;
/** More topics than a node can have. */
const MAX_TOPICS = 16_384;

/** Reads what a broker keeps. */
export class RetainedReader {
  readonly #found = new Map<string, string>();
  #lastMs = 0;

  /** To be given what comes in. */
  readonly receive = ({ topic, payload, retain }: IncomingMessage): void => {
    if (!retain || this.#found.size >= MAX_TOPICS) return;
    this.#found.set(topic, Buffer.from(payload).toString());
    this.#lastMs = performance.now();
  };

  /**
   * What is kept on topics that match a filter, by topic.
   * @throws Error when the broker refuses to tell.
   */
  async read(session: Session, filter: string): Promise<ReadonlyMap<string, string>> {
    const refused = await session.subscribe({ filters: [filter], wantsRetained: true });
    if (refused.length > 0) throw new Error(`Cannot read "${filter}": the broker refuses it`);
    const beginMs = performance.now();
    this.#lastMs = beginMs;
    while (performance.now() - this.#lastMs < QUIET_MS) {
      if (performance.now() - beginMs > LONGEST_MS) break;
      await sleep(QUIET_MS / 5);
    }
    return this.#found;
  }
}
