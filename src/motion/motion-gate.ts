import type { MotionReading } from './motion-detector.js';

/** What has just moved is looked at for so long, even when it stands still. */
const HOLD_MS = 2_000;

/**
 * Whether a frame is worth detecting: while something moves or nobody can tell, while an object is
 * followed, and now and then regardless, so that what came unnoticed is found.
 */
export class MotionGate {
  readonly #lookEveryMs: number;
  #movedMs = Number.NEGATIVE_INFINITY;
  #lookedMs = Number.NEGATIVE_INFINITY;

  /** @param lookEveryMs between two frames that are detected, at most. */
  constructor(lookEveryMs: number) {
    this.#lookEveryMs = lookEveryMs;
  }

  /** Takes what the frame shows, its time, and whether something is followed. */
  admits(reading: MotionReading, monotonicMs: number, isFollowing: boolean): boolean {
    if (reading !== 'still') this.#movedMs = monotonicMs;
    // In either direction: a clock that runs backwards is another one.
    const hasMoved = Math.abs(monotonicMs - this.#movedMs) <= HOLD_MS;
    const isDue = Math.abs(monotonicMs - this.#lookedMs) >= this.#lookEveryMs;
    const isWorthIt = hasMoved || isFollowing || isDue;
    if (isWorthIt) this.#lookedMs = monotonicMs;
    return isWorthIt;
  }
}
