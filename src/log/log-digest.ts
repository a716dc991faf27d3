import type { Log } from '../log.js';
import { byTimer, type Schedule } from './schedule.js';

const INTERVAL_MS = 1000;

/**
 * Says what may happen on every frame at most once a second: the first time at once, then how many
 * times more and the last detail. Disposal says what has not been said yet.
 */
export class LogDigest implements Disposable {
  readonly #log: Log;
  readonly #message: string;
  readonly #schedule: Schedule;
  /** Null while the next one may be said at once. */
  #cancel: (() => void) | null = null;
  #count = 0;
  #lastDetail = '';

  /** @param message what happened, the same each time: `Cannot detect`. */
  constructor(log: Log, message: string, schedule: Schedule = byTimer) {
    this.#log = log;
    this.#message = message;
    this.#schedule = schedule;
  }

  /** Counts one more; `detail` says what was special about this one. */
  add(detail: string): void {
    this.#count += 1;
    this.#lastDetail = detail;
    if (this.#cancel === null) this.#nextSecond();
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#tell();
  }

  #nextSecond(): void {
    this.#cancel = null;
    if (this.#count === 0) return;
    this.#tell();
    this.#cancel = this.#schedule(() => this.#nextSecond(), INTERVAL_MS);
  }

  #tell(): void {
    const [count, detail] = [this.#count, this.#lastDetail];
    this.#count = 0;
    if (count === 1) this.#log.warn(`${this.#message}: ${detail}`);
    if (count > 1) this.#log.warn(`${this.#message} ${count} times in 1 s, last: ${detail}`);
  }
}
