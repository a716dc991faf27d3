import type { FrameDetections } from '../domain/detection.js';
import { RecentValues } from './recent-values.js';
import { SteadyRate } from './steady-rate.js';

/** Frames whose times are looked at: half a minute at 15 fps. */
const KEPT_FRAMES = 512;
const HOUR_MS = 3_600_000;
/** A camera that fails every second for an hour. */
const MAX_RESTARTS = 3_600;

/** What frames did since the last reading, and how long they took lately. */
export interface FrameFigures {
  /** Null until they can be known. */
  readonly fpsIn: number | null;
  readonly fpsDetected: number | null;
  readonly lastFrameAgeMs: number | null;
  /** Since a frame was detected or, where none was to be, passed over; null before the first. */
  readonly progressAgeMs: number | null;
  readonly restartsInHour: number;
  readonly inferenceMs: { readonly p50: number | null; readonly p95: number | null };
  /** From arrival to result. */
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null };
}

/** Watches frames go by. All times are ms of a clock that never jumps. */
export class FrameMeter {
  readonly #now: () => number;
  readonly #inferences = new RecentValues(KEPT_FRAMES);
  readonly #latencies = new RecentValues(KEPT_FRAMES);
  readonly #arrived = new SteadyRate();
  readonly #detected = new SteadyRate();
  #restarts: number[] = [];
  #lastFrameMs: number | null = null;
  #lastProgressMs: number | null = null;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  frameArrived(): void {
    this.#lastFrameMs = this.#now();
    this.#arrived.happened(this.#lastFrameMs);
  }

  framePassedOver(): void {
    this.frameArrived();
    this.#lastProgressMs = this.#now();
  }

  frameDetected({ timings }: Pick<FrameDetections, 'timings'>): void {
    const { queueMs, preprocessMs, inferenceMs, postprocessMs } = timings;
    this.#lastProgressMs = this.#now();
    this.#detected.happened(this.#lastProgressMs);
    this.#inferences.add(inferenceMs);
    this.#latencies.add(queueMs + preprocessMs + inferenceMs + postprocessMs);
  }

  /** The camera has failed and is started again. */
  cameraRestarted(): void {
    this.#forgetOldRestarts();
    if (this.#restarts.length < MAX_RESTARTS) this.#restarts.push(this.#now());
  }

  /** Rates are those since the reading before. */
  read(): FrameFigures {
    const nowMs = this.#now();
    return {
      fpsIn: this.#arrived.read(nowMs),
      fpsDetected: this.#detected.read(nowMs),
      lastFrameAgeMs: this.#lastFrameMs === null ? null : nowMs - this.#lastFrameMs,
      progressAgeMs: this.#lastProgressMs === null ? null : nowMs - this.#lastProgressMs,
      restartsInHour: this.#forgetOldRestarts(),
      inferenceMs: percentiles(this.#inferences),
      latencyMs: percentiles(this.#latencies),
    };
  }

  #forgetOldRestarts(): number {
    const fromMs = this.#now() - HOUR_MS;
    this.#restarts = this.#restarts.filter((atMs) => atMs >= fromMs);
    return this.#restarts.length;
  }
}

function percentiles(values: RecentValues): FrameFigures['inferenceMs'] {
  return { p50: values.percentile(0.5), p95: values.percentile(0.95) };
}
