import type { Track } from '../domain/track.js';
import type { MotionReading } from './motion-detector.js';

/** What has just moved is looked at for so long, even when it stands still. */
const HOLD_MS = 2_000;

export interface MotionGateOptions {
  /** Between two frames that are detected, at most. */
  readonly lookEveryMs: number;
  /** The same while objects are followed that stand still; less than what they are lost after. */
  readonly lookAtRestingMs: number;
}

/**
 * Whether a frame is worth detecting: while something moves or nobody can tell, while an object is
 * followed that does not stand still or was missed, and now and then regardless, so that what came
 * unnoticed is found and what stands still is not lost.
 */
export class MotionGate {
  readonly #options: MotionGateOptions;
  #movedMs = Number.NEGATIVE_INFINITY;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #lookEveryMs: number;

  constructor(options: MotionGateOptions) {
    this.#options = options;
    this.#lookEveryMs = options.lookEveryMs;
  }

  /** Takes what the frame shows, and its time. */
  admits(reading: MotionReading, monotonicMs: number): boolean {
    if (reading !== 'still') this.#movedMs = monotonicMs;
    // In either direction: a clock that runs backwards is another one.
    const hasMoved = Math.abs(monotonicMs - this.#movedMs) <= HOLD_MS;
    const isDue = Math.abs(monotonicMs - this.#lookedMs) >= this.#lookEveryMs;
    if (hasMoved || isDue) this.#lookedMs = monotonicMs;
    return hasMoved || isDue;
  }

  /** Takes all living tracks. */
  follow(tracks: readonly Track[]): void {
    const { lookEveryMs, lookAtRestingMs } = this.#options;
    if (tracks.length === 0) this.#lookEveryMs = lookEveryMs;
    else this.#lookEveryMs = tracks.every(isResting) ? Math.min(lookEveryMs, lookAtRestingMs) : 0;
  }
}

/** Seen with the last look, and where it was. */
function isResting({ state, stationary, missedFrames }: Track): boolean {
  return state === 'confirmed' && stationary && missedFrames === 0;
}
