import { writeFile } from 'node:fs/promises';
import type { Detection } from '../domain/detection.js';
import type { DetectorModel } from '../domain/detector-model.js';
import { packedLayout } from '../domain/frame.js';
import { FramePool } from '../domain/frame-pool.js';
import { type ModelSource, readDetectorModel } from '../models/read-detector-model.js';
import {
  type DetectorConfig,
  engineOf,
  type LoadableDetector,
  pictures,
  sizeForModel,
  startDetector,
} from './wiring.js';

/** What a detector found in one picture file. */
export interface PictureResult {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly inferenceMs: number;
  readonly detections: readonly Detection[];
}

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
   * Loads the model. Detections below `minScore` are left out.
   * @throws ModelError when it cannot be used.
   */
  static async start(
    source: ModelSource,
    config: DetectorConfig,
    minScore: number,
  ): Promise<PictureDetector> {
    const { model, bytes } = await readDetectorModel(source);
    const detector = startDetector(minScore, new FramePool());
    try {
      await detector.load(model, bytes, engineOf(config));
      await detector.activate();
      return new PictureDetector(model, detector);
    } catch (error) {
      await detector[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** @throws Error naming the file when it is no picture that can be read. */
  async detect(file: string): Promise<PictureResult> {
    const { size: sizeOf, read } = await pictures();
    const size = await sizeOf(file);
    // Scaled here rather than in the worker: Lanczos keeps more than the fast filter for video.
    const scaled = await read(file, sizeForModel(size, this.model));
    const nowMs = Date.now();
    const { timings, detections } = await this.#detector.detect(
      {
        ...packedLayout('rgb24', scaled.widthPx, scaled.heightPx),
        data: scaled.data,
        sequence: this.#sequence++,
        capturedAtMs: nowMs,
        monotonicMs: nowMs,
        timestampSource: 'read',
      },
      0,
    );
    return { ...size, inferenceMs: timings.inferenceMs, detections };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#detector[Symbol.asyncDispose]();
  }
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
