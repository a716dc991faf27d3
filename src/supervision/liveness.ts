/** How long each kind of progress may be missing, in ms. */
export interface LivenessLimits {
  /** One inference; or frames coming in, five at least, without a single one being detected. */
  readonly inferenceMs: number;
  /**
   * The capture loop giving neither a frame nor another attempt. Must be longer than the longest
   * back-off (30 s) with the wait for a first frame (15 s), and than the interval of the frames.
   */
  readonly captureMs: number;
  /** A time without progress that was announced: a reload, the last words after a finite source. */
  readonly pauseMs: number;
}

/** Whether the daemon does its work, and what is missing if not, as half a sentence. */
export type Verdict = { readonly alive: true } | { readonly alive: false; readonly reason: string };

/** A slow source may have minutes between frames: a failure or two there proves nothing. */
const UNDETECTED_FRAMES_MIN = 5;

const DEFAULT_LIMITS: LivenessLimits = { inferenceMs: 20_000, captureMs: 75_000, pauseMs: 60_000 };

/**
 * Judges by progress alone whether the process should live on. It is dead, and a restart is the
 * remedy, when
 * - an inference has been running for longer than `inferenceMs` (a stuck worker), or frames have
 *   kept coming for that long without one being detected (a stuck or ever failing pipeline);
 * - the capture loop has given neither a frame nor an attempt for `captureMs`. A camera that is
 *   away and tried again and again is a degraded state, which no restart would mend;
 * - an announced pause lasts longer than `pauseMs`. Until then nothing is asked of it, and after it
 *   everything is measured anew.
 * A blocked event loop needs no rule: it cannot ask for the verdict, so no sign of life goes out.
 */
export class Liveness {
  readonly #now: () => number;
  readonly #limits: LivenessLimits;
  /** Last time of the capture loop doing anything. */
  #captureMs: number;
  /** The frames since the last detected one. */
  #undetected = { count: 0, firstMs: 0, newestMs: 0 };
  /** Asked for and not answered; they run one after the other. */
  #inferences = 0;
  /** Since when the first of them runs; null while there is none. */
  #inferenceStartedMs: number | null = null;
  #pause: { readonly name: string; readonly sinceMs: number } | null = null;

  /** @param now ms on a clock that never jumps; the time of construction counts as an attempt. */
  constructor(now: () => number = () => performance.now(), limits = DEFAULT_LIMITS) {
    this.#now = now;
    this.#limits = limits;
    this.#captureMs = now();
  }

  /** The capture loop starts the camera, or is about to wait before it does so again. */
  cameraAttempted(): void {
    this.#captureMs = this.#now();
  }

  /** A frame came in that is to be detected. */
  frameArrived(): void {
    const nowMs = this.#now();
    this.#captureMs = nowMs;
    if (this.#undetected.count === 0) this.#undetected.firstMs = nowMs;
    this.#undetected.newestMs = nowMs;
    this.#undetected.count += 1;
  }

  /** An inference is asked for; it may have to wait for the one before. */
  inferenceStarted(): void {
    this.#inferences += 1;
    this.#inferenceStartedMs ??= this.#now();
  }

  /** @param detected false when it failed: the worker lives, but that frame is no progress. */
  inferenceFinished(detected: boolean): void {
    this.#inferences -= 1;
    this.#inferenceStartedMs = this.#inferences > 0 ? this.#now() : null;
    if (detected) this.#undetected.count = 0;
  }

  /** Announces a time without progress. A second one before `resumed` does not extend the first. */
  paused(name: string): void {
    this.#pause ??= { name, sinceMs: this.#now() };
  }

  /** Ends the pause; what began before it is measured from now. */
  resumed(): void {
    const nowMs = this.#now();
    this.#pause = null;
    this.#captureMs = nowMs;
    this.#undetected.count = 0;
    if (this.#inferenceStartedMs !== null) this.#inferenceStartedMs = nowMs;
  }

  verdict(): Verdict {
    const reason = this.#whatIsMissing(this.#now());
    return reason === null ? { alive: true } : { alive: false, reason };
  }

  #whatIsMissing(nowMs: number): string | null {
    const { inferenceMs, captureMs, pauseMs } = this.#limits;
    if (this.#pause !== null) {
      return overdue(`${this.#pause.name} has taken`, nowMs - this.#pause.sinceMs, pauseMs);
    }
    const inferenceStartedMs = this.#inferenceStartedMs ?? nowMs;
    // Until the newest frame, not until now: a camera that goes away right after frames that failed
    // leaves nothing that could be detected.
    const { count, firstMs, newestMs } = this.#undetected;
    const undetectedMs = count < UNDETECTED_FRAMES_MIN ? 0 : newestMs - firstMs;
    return (
      overdue('an inference has been running for', nowMs - inferenceStartedMs, inferenceMs) ??
      overdue('frames came in and none was detected for', undetectedMs, inferenceMs) ??
      overdue('the camera gave no frame and was not tried for', nowMs - this.#captureMs, captureMs)
    );
  }
}

function overdue(what: string, tookMs: number, limitMs: number): string | null {
  if (tookMs <= limitMs) return null;
  return `${what} ${(tookMs / 1000).toFixed(1)} s, longer than ${limitMs / 1000} s`;
}
