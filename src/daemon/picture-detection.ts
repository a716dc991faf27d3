import { writeFile } from 'node:fs/promises';
import type { Detection } from '../domain/detection.js';
import type { DetectorModel } from '../domain/detector-model.js';
import { type Frame, packedLayout } from '../domain/frame.js';
import { FramePool } from '../domain/frame-pool.js';
import type { PictureSize } from '../domain/picture.js';
import { type ModelSource, readDetectorModel } from '../models/read-detector-model.js';
import type { ModelPlanner } from '../tuning/model-planner.js';
import { type LoadableDetector, pictures, sizeForModel, startDetector } from './wiring.js';

/** What a detector found in one picture file. */
export interface PictureResult {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly inferenceMs: number;
  readonly detections: readonly Detection[];
}

/** What is to be detected, and how. */
export interface PictureJob {
  readonly source: ModelSource;
  /** The pictures to come: some of them serve for trying engines. */
  readonly files: readonly string[];
  readonly minScore: number;
  readonly planner: ModelPlanner;
}

/** Pictures that engines are tried on at most. */
const TRIAL_PICTURES = 3;

/** A detector for picture files, one at a time. There can be one in a process. */
export class PictureDetector implements AsyncDisposable {
  readonly model: DetectorModel;
  readonly #detector: LoadableDetector;
  #sequence = 0;

  private constructor(model: DetectorModel, detector: LoadableDetector) {
    this.model = model;
    this.#detector = detector;
  }

  /**
   * Loads the model, run in the way that suits it best. Detections below `minScore` are left out.
   * @throws ModelError when it cannot be used.
   */
  static async start(job: PictureJob, signal: AbortSignal): Promise<PictureDetector> {
    const read = await readDetectorModel(job.source);
    const { model } = read;
    const trialFrames = (): Promise<Frame[]> => readable(job.files, model);
    const { bytes, engine } = await job.planner.plan(read, trialFrames, signal);
    const detector = startDetector(() => job.minScore, new FramePool());
    try {
      await detector.load(model, bytes, engine);
      await detector.activate();
      return new PictureDetector(model, detector);
    } catch (error) {
      await detector[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** @throws Error naming the file when it is no picture that can be read. */
  async detect(file: string): Promise<PictureResult> {
    const { size, frame } = await readFrame(file, this.model);
    const sequenced = { ...frame, sequence: this.#sequence++ };
    const { timings, detections } = await this.#detector.detect(sequenced, 0);
    return { ...size, inferenceMs: timings.inferenceMs, detections };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#detector[Symbol.asyncDispose]();
  }
}

/** The picture as a frame of the size that the model wants, and its own size. */
async function readFrame(
  file: string,
  model: DetectorModel,
): Promise<{ readonly size: PictureSize; readonly frame: Frame }> {
  const { size: sizeOf, read } = await pictures();
  const size = await sizeOf(file);
  // Scaled here rather than in the worker: Lanczos keeps more than the fast filter for video.
  const { widthPx, heightPx, data } = await read(file, sizeForModel(size, model));
  const nowMs = Date.now();
  const frame: Frame = {
    ...packedLayout('rgb24', widthPx, heightPx),
    data,
    sequence: 0,
    capturedAtMs: nowMs,
    monotonicMs: nowMs,
    timestampSource: 'read',
  };
  return { size, frame };
}

/** The first of the pictures that can be read; the others are reported when their turn comes. */
async function readable(files: readonly string[], model: DetectorModel): Promise<Frame[]> {
  const read = files.slice(0, TRIAL_PICTURES).map((file) => readFrame(file, model));
  const results = await Promise.allSettled(read);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.frame] : []));
}

/** Writes the picture with the detections drawn over it, as a JPEG. */
export async function writeAnnotated(
  file: string,
  detections: readonly Detection[],
  outFile: string,
): Promise<void> {
  const { annotate, read } = await pictures();
  await writeFile(outFile, await annotate(await read(file, null), detections));
}
