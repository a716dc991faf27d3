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
  /** When the frame was read that is not judged yet; null: there is none. */
  #seenAtMs: number | null = null;

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
    this.#seenAtMs = null;
    this.#detector.reset();
    this.#switch.reset();
    this.#setMotion(false);
  }

  /** While the gate is off, what the frame shows is judged when it is on its way to the detector. */
  admits(frame: Frame): boolean {
    this.#judge();
    this.#detector.see(frame);
    this.#seenAtMs = frame.monotonicMs;
    if (this.#isGateOn) return this.#judge();
    setImmediate(() => this.#judge());
    return true;
  }

  follow(tracks: readonly Track[]): void {
    this.#gate.follow(tracks);
  }

  /** Whether the frame seen last is worth detecting, which is asked once. */
  #judge(): boolean {
    const atMs = this.#seenAtMs;
    if (atMs === null) return true;
    this.#seenAtMs = null;
    const reading = this.#detector.judge();
    this.#setMotion(this.#switch.take(reading, atMs));
    // Asked even while it is off, so that it knows what happened before it was switched on.
    return this.#gate.admits(reading, atMs);
  }

  #setMotion(isMotion: boolean): void {
    if (isMotion === this.#isMotion) return;
    this.#isMotion = isMotion;
    this.#options.onMotion(isMotion);
  }
}
