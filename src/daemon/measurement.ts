import type { FrameSource } from '../camera/frame-source.js';
import type { FrameDetections } from '../domain/detection.js';
import type { FramePool } from '../domain/frame-pool.js';
import type { FrameCounts } from '../pipeline/frame-counts.js';
import { Pipeline, type PipelineObserver } from '../pipeline/pipeline.js';
import type { Publisher } from '../publishing/publisher.js';
import type { EventLog, Tracker } from '../tracking/tracker.js';
import { cpuTimeMs } from './cpu-time.js';
import type { LoadableDetector } from './wiring.js';

/** Inferences before anything is measured, until caches and clock rates have settled. */
const WARM_UP_RUNS = 10;
const BATCH_RUNS = 10;
/** Frames between two looks at the memory. */
export const RSS_INTERVAL_FRAMES = 100;

/** Bare inference: nothing before it, nothing after it. */
export interface BareMeasurement {
  readonly inferenceMs: readonly number[];
  readonly cpuMsPerInference: number;
}

/** The whole pipeline over a number of frames. */
export interface PipelineMeasurement {
  readonly counts: FrameCounts;
  readonly wallMs: number;
  /** From reading a frame to having followed what is on it. */
  readonly latencyMs: readonly number[];
  /** Children's time included. */
  readonly cpuMs: number;
  /** Resident set of this process, looked at every 100 frames. */
  readonly rssBytes: readonly number[];
}

/** Times `runs` bare inferences of the detector's active model. */
export async function measureBare(
  detector: LoadableDetector,
  runs: number,
): Promise<BareMeasurement> {
  await detector.benchmark(WARM_UP_RUNS);
  const cpuBeforeMs = cpuTimeMs();
  const inferenceMs: number[] = [];
  // In batches: one answer has a deadline, and a slow board needs its time.
  while (inferenceMs.length < runs) {
    inferenceMs.push(
      ...(await detector.benchmark(Math.min(BATCH_RUNS, runs - inferenceMs.length))),
    );
  }
  return { inferenceMs, cpuMsPerInference: (cpuTimeMs() - cpuBeforeMs) / runs };
}

export interface PipelineUnderTest {
  readonly source: FrameSource;
  readonly pool: FramePool;
  readonly detector: LoadableDetector;
  readonly tracker: Tracker;
  readonly events: EventLog;
}

/**
 * Runs the whole pipeline except for the broker until `frames` frames are detected, the source is
 * through, or `signal` is aborted.
 */
export async function measurePipeline(
  parts: PipelineUnderTest,
  frames: number,
  signal: AbortSignal,
): Promise<PipelineMeasurement> {
  const enough = new AbortController();
  const recorder = new Recorder(frames, () => enough.abort());
  const { source } = parts;
  const pipeline = new Pipeline({
    ...parts,
    frames: (stop) => source.frames(stop),
    pacing: source.pacing,
    queue: { capacity: 1, maxAgeMs: 1_000 },
    publisher: NOBODY,
    observer: recorder,
  });
  const cpuBeforeMs = cpuTimeMs();
  const begin = performance.now();
  await pipeline.run(AbortSignal.any([signal, enough.signal]));
  return {
    counts: pipeline.counts,
    wallMs: recorder.endMs - begin,
    latencyMs: recorder.latencyMs,
    cpuMs: cpuTimeMs() - cpuBeforeMs,
    rssBytes: recorder.rssBytes,
  };
}

/** Nobody to tell: a broker's part is not this machine's figure. */
const NOBODY: Publisher = {
  setState() {},
  publishEvent() {},
  async [Symbol.asyncDispose]() {},
};

class Recorder implements PipelineObserver {
  readonly latencyMs: number[] = [];
  readonly rssBytes: number[] = [];
  endMs = 0;
  readonly #frames: number;
  readonly #onEnough: () => void;

  constructor(frames: number, onEnough: () => void) {
    this.#frames = frames;
    this.#onEnough = onEnough;
  }

  frameArrived(): void {}

  detectionStarted(): void {}

  frameDetected({ frame }: FrameDetections): void {
    this.endMs = performance.now();
    this.latencyMs.push(performance.timeOrigin + this.endMs - frame.capturedAtMs);
    if (this.latencyMs.length % RSS_INTERVAL_FRAMES === 0) {
      this.rssBytes.push(process.memoryUsage.rss());
    }
    if (this.latencyMs.length >= this.#frames) this.#onEnough();
  }

  detectionFailed(): void {}
}
