/** Part of the interval that a frame may come early: the clocks of cameras tremble. */
const SLACK = 0.25;

/** Chooses frames so that, over any time, no more than a given number a second are taken. */
export class FrameRateLimit {
  #intervalMs = 0;
  #dueMs = Number.NEGATIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @param perSecond above 0; null: all frames are taken. */
  set(perSecond: number | null): void {
    this.#intervalMs = perSecond === null ? 0 : 1000 / perSecond;
    this.#dueMs = Number.NEGATIVE_INFINITY;
  }

  /** Whether to take the frame of this time, on the frames' own clock. */
  takes(monotonicMs: number): boolean {
    // A clock that runs backwards is another clock.
    if (monotonicMs < this.#lastMs) this.#dueMs = Number.NEGATIVE_INFINITY;
    this.#lastMs = monotonicMs;
    if (monotonicMs < this.#dueMs - SLACK * this.#intervalMs) return false;
    // From when it was due: counted from when it came, 10 a second limited to 7 would be 5.
    const isLittleLate = monotonicMs - this.#dueMs < this.#intervalMs;
    this.#dueMs = (isLittleLate ? this.#dueMs : monotonicMs) + this.#intervalMs;
    return true;
  }
}
