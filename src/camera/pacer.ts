import { delay } from '../async/abort.js';

/**
 * Gives out moments at a steady rate. Who comes late gets the missed moments at once, one by one,
 * so that over any time the rate is kept.
 */
export class Pacer {
  readonly #intervalMs: number;
  #nextMs: number | null = null;

  /** @param perSecond moments a second, above 0. The first is when first asked. */
  constructor(perSecond: number) {
    this.#intervalMs = 1000 / perSecond;
  }

  /**
   * Waits until half the time to the next moment is over: by then whoever got the last one may be
   * through with it. Not at all for who is late.
   */
  async rest(signal: AbortSignal): Promise<void> {
    const leftMs = (this.#nextMs ?? 0) - performance.now();
    if (leftMs > 1) await delay(leftMs / 2, signal);
  }

  /** Waits for the next moment; false when `signal` was aborted first. */
  async next(signal: AbortSignal): Promise<boolean> {
    const nowMs = performance.now();
    const dueMs = this.#nextMs ?? nowMs;
    this.#nextMs = dueMs + this.#intervalMs;
    if (dueMs <= nowMs) return !signal.aborted;
    return await delay(dueMs - nowMs, signal);
  }
}
