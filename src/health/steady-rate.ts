/** A shorter time says little: a frame more or less would be a multiple of the rate. */
const MIN_INTERVAL_MS = 2_000;

/**
 * How often something happens a second, from one reading to the next. An interval begins with the
 * last time that it happened before it, so that the wait for
 * the first time of all counts for nothing.
 */
export class SteadyRate {
  #fromMs: number | null = null;
  #lastMs: number | null = null;
  #count = 0;

  happened(nowMs: number): void {
    if (this.#fromMs === null) this.#fromMs = nowMs;
    else this.#count += 1;
    this.#lastMs = nowMs;
  }

  /** The rate since the reading before; null, and the interval goes on, while nothing can be said. */
  read(nowMs: number): number | null {
    if (this.#fromMs === null || nowMs - this.#fromMs < MIN_INTERVAL_MS) return null;
    const perSecond = (this.#count * 1000) / (nowMs - this.#fromMs);
    this.#fromMs = this.#lastMs;
    this.#count = 0;
    return perSecond;
  }
}
