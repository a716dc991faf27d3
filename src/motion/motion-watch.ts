import type { Frame } from '../domain/frame.js';
import type { Track } from '../domain/track.js';
import type { FrameGate } from './frame-gate.js';
import { MotionDetector, type MotionOptions } from './motion-detector.js';
import { MotionGate, type MotionGateOptions } from './motion-gate.js';
import { MotionSwitch } from './motion-switch.js';

export interface MotionWatchOptions extends MotionOptions, MotionGateOptions {
  /** How long it has to be still before there is no motion. */
  readonly offDelayMs: number;
  /** Is told when motion begins and ends. */
  readonly onMotion: (isMotion: boolean) => void;
}

/** Watches a camera's frames for motion, tells of it, and while the gate is on lets few others pass. */
export class MotionWatch implements FrameGate {
  readonly #options: MotionWatchOptions;
  readonly #detector: MotionDetector;
  readonly #switch: MotionSwitch;
  readonly #gate: MotionGate;
  #isMotion = false;
  #isGateOn = false;

  constructor(options: MotionWatchOptions) {
    this.#options = options;
    this.#detector = new MotionDetector(options);
    this.#switch = new MotionSwitch(options.offDelayMs);
    this.#gate = new MotionGate(options);
  }

  get isGateOn(): boolean {
    return this.#isGateOn;
  }

  /** Switches the gate on or off. While it is off every frame is admitted. */
  switchGate(isOn: boolean): void {
    this.#isGateOn = isOn;
  }

  /** No motion; the next frame is the first of a camera that may look elsewhere. */
  reset(): void {
    this.#detector.reset();
    this.#switch.reset();
    this.#setMotion(false);
  }

  admits(frame: Frame): boolean {
    const { monotonicMs } = frame;
    const reading = this.#detector.look(frame);
    this.#setMotion(this.#switch.take(reading, monotonicMs));
    // Asked even while it is off, so that it knows what happened before it was switched on.
    const isWorthIt = this.#gate.admits(reading, monotonicMs);
    return isWorthIt || !this.#isGateOn;
  }

  follow(tracks: readonly Track[]): void {
    this.#gate.follow(tracks);
  }

  #setMotion(isMotion: boolean): void {
    if (isMotion === this.#isMotion) return;
    this.#isMotion = isMotion;
    this.#options.onMotion(isMotion);
  }
}
