/** Less is the slow correction of a clock that is being kept right. */
const STEP_MS = 500;

/** Notices when the wall clock jumps. */
export class ClockSteps {
  readonly #wall: () => number;
  readonly #steady: () => number;
  #offsetMs: number;
  #lastStepMs = 0;

  constructor(wall = () => Date.now(), steady = () => performance.now()) {
    this.#wall = wall;
    this.#steady = steady;
    this.#offsetMs = wall() - steady();
  }

  /** To be called now and then. @returns the last jump in ms, forward or back; 0 when there was none. */
  look(): number {
    const offsetMs = this.#wall() - this.#steady();
    const stepMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    if (Math.abs(stepMs) >= STEP_MS) this.#lastStepMs = Math.round(stepMs);
    return this.#lastStepMs;
  }
}
