import { type Frame, frameByteLength, packedLayout } from '../domain/frame.js';
import type { FramePool } from '../domain/frame-pool.js';
import type { PictureSize } from '../domain/picture.js';
import type { FrameSource } from './frame-source.js';
import { Pacer } from './pacer.js';
import { Scene, type SceneObject } from './synthetic/scene.js';

export interface SyntheticOptions extends PictureSize {
  /** Which scene and stories; the same number gives the same frames. */
  readonly seed: number;
  /** Frames per second of the scene's own time, above 0. */
  readonly fps: number;
  /** `native`: at that rate; `max`: as fast as the consumer takes; or frames per second. */
  readonly pace: 'native' | 'max' | number;
  /** The scene's own time at which it ends; null: never. */
  readonly durationS: number | null;
  /** Is told what is in each frame, before the frame is given out. */
  readonly onTruth?: (
    frame: Pick<Frame, 'sequence' | 'monotonicMs'>,
    objects: readonly SceneObject[],
  ) => void;
}

/** A camera on a scene that is drawn: nothing is needed to see something happen. */
export class SyntheticSource implements FrameSource {
  readonly retryable = false;
  readonly pacing: FrameSource['pacing'];
  readonly #options: SyntheticOptions;
  readonly #pool: FramePool;

  constructor(options: SyntheticOptions, pool: FramePool) {
    this.pacing = options.pace === 'max' ? 'on-demand' : 'live';
    this.#options = options;
    this.#pool = pool;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    const { widthPx, heightPx, fps, pace, durationS, onTruth } = this.#options;
    const layout = packedLayout('rgb24', widthPx, heightPx);
    const scene = new Scene(this.#options);
    const pacer = pace === 'max' ? null : new Pacer(pace === 'native' ? fps : pace);
    const count = durationS === null ? Number.POSITIVE_INFINITY : Math.round(durationS * fps);
    for (let sequence = 0; sequence < count; sequence++) {
      if (pacer !== null) await pacer.next(signal);
      if (signal.aborted) return;
      const data = this.#pool.take(frameByteLength(layout));
      const timeS = sequence / fps;
      const objects = scene.draw(timeS, data);
      onTruth?.({ sequence, monotonicMs: timeS * 1000 }, objects);
      yield {
        ...layout,
        sequence,
        capturedAtMs: Date.now(),
        monotonicMs: timeS * 1000,
        timestampSource: 'read',
        data,
      };
    }
  }
}
