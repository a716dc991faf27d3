import type { MotionReading } from './motion-detector.js';

/** A single frame may be the beginning of another light. */
const FRAMES_UNTIL_ON = 2;

/** Whether there is motion, for people: on with the second frame in a row, off after a delay. */
export class MotionSwitch {
  readonly #offDelayMs: number;
  #inARow = 0;
  #movedMs = Number.NEGATIVE_INFINITY;
  #isOn = false;

  /** @param offDelayMs how long it has to be still. */
  constructor(offDelayMs: number) {
    this.#offDelayMs = offDelayMs;
  }

  /** Takes what a frame shows, and its time. @returns whether it is on now. */
  take(reading: MotionReading, monotonicMs: number): boolean {
    this.#inARow = reading === 'moving' ? this.#inARow + 1 : 0;
    if (this.#inARow >= FRAMES_UNTIL_ON) {
      this.#isOn = true;
      this.#movedMs = monotonicMs;
    } else if (Math.abs(monotonicMs - this.#movedMs) >= this.#offDelayMs) {
      // In either direction: a clock that runs backwards is another one.
      this.#isOn = false;
    }
    return this.#isOn;
  }

  /** Off at once. */
  reset(): void {
    this.#inARow = 0;
    this.#isOn = false;
  }
}
