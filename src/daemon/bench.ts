import type { Config } from '../config/schema.js';
import type { MeasuredSetup } from '../domain/engine.js';
import { FramePool } from '../domain/frame-pool.js';
import { ScoreThresholds } from '../domain/score-thresholds.js';
import { mean, percentile, slope } from '../domain/statistics.js';
import { ConfigError } from '../errors.js';
import type { Log } from '../log.js';
import { readDetectorModel } from '../models/read-detector-model.js';
import {
  type BareMeasurement,
  measureBare,
  measurePipeline,
  RSS_INTERVAL_FRAMES,
  type RunLength,
} from './measurement.js';
import { modelSource } from './model-wish.js';
import { startPlanner } from './planning.js';
import { firstFrames } from './trial-frames.js';
import { createSource, createTracking, startDetector } from './wiring.js';

/** Bare inferences before and after the pipeline. */
const BARE_RUNS = 50;

export interface BenchJob {
  readonly config: Config;
  /** Instead of the configured model; null keeps that. */
  readonly modelFile: string | null;
  /** A video file or a folder of pictures instead of the configured camera; null keeps that. */
  readonly source: string | null;
  readonly length: RunLength;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly log: Log;
}

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

/** What was measured; times in ms. */
export interface BenchReport {
  readonly model: string;
  /** How the model was run, with the figures that this was chosen by. */
  readonly engine: MeasuredSetup;
  /** From the start of this process to a model that is ready to detect. */
  readonly startUpMs: number;
  readonly bareInferenceMs: Percentiles;
  readonly pipeline: {
    readonly frames: number;
    readonly fps: number;
    /** Mean bare inference over mean interval of the pipeline's results, 0..1. */
    readonly shareOfBare: number;
    /** Processor time of all threads and child processes. */
    readonly cpuMsPerFrame: number;
    /** The same without what bare inference takes. */
    readonly overheadCpuMsPerFrame: number;
    /** That of child processes alone, such as decoding a video. */
    readonly childCpuMsPerFrame: number;
    readonly latencyMs: Percentiles & { readonly p99: number };
  };
  /** Resident memory of this process at the end. */
  readonly rssBytes: number;
  /** Slope of a line through the second half of the run: what a frame leaves behind. */
  readonly rssSlopeBytesPerFrame: number;
}

/**
 * Measures bare inference and the whole pipeline except for the broker on the same model and
 * threads, in turns.
 * @throws ConfigError when no model is named, ModelError when it cannot be used.
 */
export async function bench(job: BenchJob, signal: AbortSignal): Promise<BenchReport> {
  const config = effectiveConfig(job);
  const read = await readDetectorModel(modelSource(config));
  const { model } = read;
  const pool = new FramePool();
  const source = createSource(config.camera, { env: job.env, log: job.log, pool });
  const thresholds = new ScoreThresholds(config.model.threshold);
  await using detector = startDetector(() => thresholds.lowest, pool);
  const planner = await startPlanner(config, job.env, job.log);
  const plan = await planner.plan(read, () => firstFrames(source, job.log, signal), signal);
  await detector.load(model, plan.bytes, plan.engine);
  await detector.activate();
  const startUpMs = performance.now();
  const before = await measureBare(detector, BARE_RUNS);
  const parts = { source, pool, detector, ...createTracking(config, thresholds) };
  const pipeline = await measurePipeline(parts, job.length, signal);
  const rssBytes = process.memoryUsage.rss();
  const after = await measureBare(detector, BARE_RUNS);
  const bareMs = [...before.inferenceMs, ...pipeline.bareInferenceMs, ...after.inferenceMs];
  const { frames } = pipeline;
  if (pipeline.intervalMs.length === 0) {
    throw new Error(
      `Cannot measure the pipeline: ${frames} frames were detected after warming up, expected more than 2`,
    );
  }
  const bareCpuMs = cpuOfBare(pipeline.bareInferenceMs, [before, after]);
  const fps = 1000 / mean(pipeline.intervalMs);
  const { ownMs, childrenMs } = pipeline.cpu;
  const extraMs = pipeline.bareInferenceMs.length * bareCpuMs;
  const cpuMsPerFrame = (ownMs + childrenMs - extraMs) / frames;
  return {
    model: model.id,
    engine: plan.setup,
    startUpMs,
    bareInferenceMs: { p50: percentile(bareMs, 0.5), p95: percentile(bareMs, 0.95) },
    pipeline: {
      frames,
      fps,
      shareOfBare: (fps * mean(bareMs)) / 1000,
      cpuMsPerFrame,
      overheadCpuMsPerFrame: cpuMsPerFrame - bareCpuMs,
      childCpuMsPerFrame: childrenMs / frames,
      latencyMs: {
        p50: percentile(pipeline.latencyMs, 0.5),
        p95: percentile(pipeline.latencyMs, 0.95),
        p99: percentile(pipeline.latencyMs, 0.99),
      },
    },
    rssBytes,
    rssSlopeBytesPerFrame: slope(secondHalf(pipeline.rssBytes)) / RSS_INTERVAL_FRAMES,
  };
}

/**
 * Processor time of a bare inference while the pipeline ran: only its duration could be seen then,
 * and what it takes of the processor for each ms could be seen before and after.
 */
function cpuOfBare(inferenceMs: readonly number[], beside: readonly BareMeasurement[]): number {
  const cpuMs = mean(beside.map(({ cpuMsPerInference }) => cpuMsPerInference));
  if (inferenceMs.length === 0) return cpuMs;
  // Medians: a thread that has to wait for a core takes no processor time meanwhile.
  const besideMs = beside.flatMap((each) => each.inferenceMs);
  return (cpuMs / percentile(besideMs, 0.5)) * percentile(inferenceMs, 0.5);
}

function effectiveConfig({ config, modelFile, source }: BenchJob): Config {
  const file = modelFile ?? config.model.file;
  if (file === null) {
    throw new ConfigError([
      { path: 'model.file', detail: 'is missing: name a model with --model' },
    ]);
  }
  const camera =
    source === null ? config.camera : { ...config.camera, source: 'replay' as const, path: source };
  return {
    ...config,
    model: { ...config.model, file },
    camera: { ...camera, pace: 'max', loop: true },
  };
}

function secondHalf(values: readonly number[]): readonly number[] {
  return values.slice(Math.floor(values.length / 2));
}
