import type { FrameSource } from '../camera/frame-source.js';
import type { FrameDetections } from '../domain/detection.js';
import type { FramePool } from '../domain/frame-pool.js';
import { Pipeline, type PipelineObserver } from '../pipeline/pipeline.js';
import type { Publisher } from '../publishing/publisher.js';
import type { EventLog, Tracker } from '../tracking/tracker.js';
import { type CpuTime, cpuTime } from './cpu-time.js';
import type { LoadableDetector } from './wiring.js';

/** Inferences before anything is measured, until caches and clock rates have settled. */
const WARM_UP_RUNS = 10;
const BATCH_RUNS = 10;
/** Those in the worker before and behind the bare inferences, and the one that waits in the queue. */
const UNSETTLED_FRAMES = 3;
/** A slow board need not see all frames that are to come before anything is measured. */
const MAX_WARM_UP_MS = 20_000;
/** Frames from one batch of bare inferences to the next, while the pipeline runs. */
const BARE_INTERVAL_FRAMES = 100;
/** Frames between two looks at the memory. */
export const RSS_INTERVAL_FRAMES = 100;

/** Bare inference: nothing before it, nothing after it. */
export interface BareMeasurement {
  readonly inferenceMs: readonly number[];
  readonly cpuMsPerInference: number;
}

/** The whole pipeline over a number of frames. */
export interface PipelineMeasurement {
  /** From one result to the next, without the intervals that bare inferences fell into. */
  readonly intervalMs: readonly number[];
  /** Bare inferences made in between: the machine's mood changes, and they share it. */
  readonly bareInferenceMs: readonly number[];
  /** From reading a frame to having followed what is on it. */
  readonly latencyMs: readonly number[];
  /** Processor time of the `frames` frames, that of the bare inferences included. */
  readonly cpu: CpuTime;
  /** Detected after warming up. */
  readonly frames: number;
  /** Resident set of this process, looked at every 100 frames. */
  readonly rssBytes: readonly number[];
}

/** Times `runs` bare inferences of the detector's active model. */
export async function measureBare(
  detector: LoadableDetector,
  runs: number,
): Promise<BareMeasurement> {
  await detector.benchmark(WARM_UP_RUNS);
  const before = cpuTime();
  const inferenceMs: number[] = [];
  // In batches: one answer has a deadline, and a slow board needs its time.
  while (inferenceMs.length < runs) {
    inferenceMs.push(
      ...(await detector.benchmark(Math.min(BATCH_RUNS, runs - inferenceMs.length))),
    );
  }
  return { inferenceMs, cpuMsPerInference: since(before).ownMs / runs };
}

export interface PipelineUnderTest {
  readonly source: FrameSource;
  readonly pool: FramePool;
  readonly detector: LoadableDetector;
  readonly tracker: Tracker;
  readonly events: EventLog;
}

/** How long the pipeline runs. */
export interface RunLength {
  /** Detected first, and not measured: code is still compiled. At most 20 s of them. */
  readonly warmUpFrames: number;
  /** Detected then. */
  readonly frames: number;
}

/**
 * Runs the whole pipeline except for the broker for so many frames, until the source is through, or
 * until `signal` is aborted.
 */
export async function measurePipeline(
  parts: PipelineUnderTest,
  length: RunLength,
  signal: AbortSignal,
): Promise<PipelineMeasurement> {
  const enough = new AbortController();
  const recorder = new Recorder(parts.detector, length, () => enough.abort());
  const { source } = parts;
  const pipeline = new Pipeline({
    ...parts,
    frames: (stop) => source.frames(stop),
    pacing: source.pacing,
    queue: { capacity: 1, maxAgeMs: 1_000 },
    gate: null,
    publisher: NOBODY,
    observer: recorder,
  });
  await pipeline.run(AbortSignal.any([signal, enough.signal]));
  return {
    intervalMs: recorder.intervalMs,
    bareInferenceMs: recorder.bareInferenceMs,
    latencyMs: recorder.latencyMs,
    cpu: since(recorder.cpuBefore),
    frames: recorder.frames,
    rssBytes: recorder.rssBytes,
  };
}

function since(before: CpuTime): CpuTime {
  const now = cpuTime();
  return { ownMs: now.ownMs - before.ownMs, childrenMs: now.childrenMs - before.childrenMs };
}

/** Nobody to tell: a broker's part is not this machine's figure. */
const NOBODY: Publisher = {
  setState() {},
  publishEvent: () => null,
  async [Symbol.asyncDispose]() {},
};

class Recorder implements PipelineObserver {
  readonly latencyMs: number[] = [];
  readonly intervalMs: number[] = [];
  readonly bareInferenceMs: number[] = [];
  readonly rssBytes: number[] = [];
  cpuBefore = cpuTime();
  /** Detected since then. */
  frames = 0;
  readonly #detector: LoadableDetector;
  readonly #length: RunLength;
  readonly #onEnough: () => void;
  readonly #begunMs = performance.now();
  #warmUpFrames = 0;
  #isWarm = false;
  #lastMs = 0;
  /** Results that say nothing: the start, or the wait for bare inferences, is in their times. */
  #unsettled = UNSETTLED_FRAMES;

  constructor(detector: LoadableDetector, length: RunLength, onEnough: () => void) {
    this.#detector = detector;
    this.#length = length;
    this.#onEnough = onEnough;
  }

  framePassedOver(): void {}

  detectionPaused(): void {}

  frameArrived(): void {}

  detectionStarted(): void {}

  frameDetected({ frame }: FrameDetections): void {
    // What was in the worker already when there was enough.
    if (this.frames >= this.#length.frames) return;
    const nowMs = performance.now();
    if (!this.#isWarm) {
      this.#warmUp(nowMs);
      return;
    }
    if (this.#unsettled > 0) {
      this.#unsettled -= 1;
    } else {
      this.intervalMs.push(nowMs - this.#lastMs);
      this.latencyMs.push(performance.timeOrigin + nowMs - frame.capturedAtMs);
    }
    this.#lastMs = nowMs;
    this.frames += 1;
    if (this.frames % RSS_INTERVAL_FRAMES === 0) {
      this.rssBytes.push(process.memoryUsage.rss());
    }
    if (this.frames >= this.#length.frames) this.#onEnough();
    else if (this.frames % BARE_INTERVAL_FRAMES === 0) void this.#runBare();
  }

  detectionFailed(): void {}

  #warmUp(nowMs: number): void {
    this.#warmUpFrames += 1;
    const isLate = nowMs - this.#begunMs > MAX_WARM_UP_MS;
    if (this.#warmUpFrames < this.#length.warmUpFrames && !isLate) return;
    this.#isWarm = true;
    this.#lastMs = nowMs;
    this.cpuBefore = cpuTime();
  }

  /** Lines up in the worker before the next frame. */
  async #runBare(): Promise<void> {
    this.#unsettled = UNSETTLED_FRAMES;
    this.bareInferenceMs.push(...(await this.#detector.benchmark(BATCH_RUNS)));
  }
}
