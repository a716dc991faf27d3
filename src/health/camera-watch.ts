import type { CameraCondition } from '../domain/camera-condition.js';

/** Without a frame for so long, and for so many times the usual, it has stalled. */
const STALLED_MS = 2_000;
const STALLED_INTERVALS = 4;

type Phase = CameraCondition['phase'];

/** Follows how a camera fares by what becomes of its frames. */
export class CameraWatch {
  readonly #onChange: (condition: CameraCondition) => void;
  readonly #now: () => number;
  #condition: CameraCondition;
  /** Why it is started again; null while it is not. */
  #away: string | null = null;
  #isGiving = false;
  #hasGiven = false;
  #isPaused = false;
  /** Times on a clock that never jumps. */
  #arrivedMs: number;
  #dealtWithMs: number;
  #intervalMs = 0;

  /** @param now ms on a clock that never jumps. */
  constructor(
    onChange: (condition: CameraCondition) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#onChange = onChange;
    this.#now = now;
    this.#arrivedMs = now();
    this.#dealtWithMs = now();
    this.#condition = { phase: 'starting', reason: null, sinceMs: Date.now(), restarts: 0 };
    onChange(this.#condition);
  }

  /**
   * Whether the camera gives frames: a result that comes after it has failed is that of a frame from
   * before.
   */
  get isGiving(): boolean {
    return this.#isGiving;
  }

  /** The first frame of a start comes. */
  started(): void {
    this.#isGiving = true;
    this.#dealtWithMs = this.#now();
  }

  /** It is gone, or is to be started again. */
  away(reason: string): void {
    this.#isGiving = false;
    this.#away = reason;
    this.#tell({ restarts: this.#condition.restarts + 1 });
  }

  /** Detection is switched off, or on again. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#dealtWithMs = this.#now();
    this.#tell();
  }

  frameArrived(): void {
    this.#arrivedMs = this.#now();
  }

  /** A frame was detected, or passed over for a reason. */
  frameDealtWith(): void {
    const nowMs = this.#now();
    this.#intervalMs = nowMs - this.#dealtWithMs;
    this.#dealtWithMs = nowMs;
    if (!this.#isGiving) return;
    this.#hasGiven = true;
    this.#away = null;
    this.#tell();
  }

  /** To be called now and then: that nothing happens is told by nobody. */
  look(): void {
    this.#tell();
  }

  #tell(change: Pick<CameraCondition, 'restarts'> = this.#condition): void {
    const { phase, reason } = this.#judge();
    const { restarts } = change;
    const before = this.#condition;
    if (phase === before.phase && reason === before.reason && restarts === before.restarts) return;
    const sinceMs = phase === before.phase ? before.sinceMs : Date.now();
    this.#condition = { phase, reason, sinceMs, restarts };
    this.#onChange(this.#condition);
  }

  #judge(): { readonly phase: Phase; readonly reason: string | null } {
    if (this.#away !== null) return { phase: 'restarting', reason: this.#away };
    if (!this.#hasGiven) return { phase: 'starting', reason: null };
    const limitMs = Math.max(STALLED_MS, STALLED_INTERVALS * this.#intervalMs);
    const nowMs = this.#now();
    if (nowMs - this.#dealtWithMs <= limitMs) {
      return { phase: this.#isPaused ? 'paused' : 'running', reason: null };
    }
    const isSilent = nowMs - this.#arrivedMs > limitMs;
    return { phase: 'stalled', reason: isSilent ? 'No frame comes' : 'No frame is detected' };
  }
}
