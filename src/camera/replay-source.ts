import { stat } from 'node:fs/promises';
import type { Frame } from '../domain/frame.js';
import type { PictureDecoder, PictureSize } from '../domain/picture.js';
import { CameraError, messageOf } from '../errors.js';
import type { FrameSource } from './frame-source.js';
import { Pacer } from './pacer.js';
import { openPictureFolder } from './picture-folder.js';
import type { ReplayMedium } from './replay-medium.js';
import type { SourceContext } from './source-context.js';
import { openVideo } from './video-file.js';

export interface ReplayOptions {
  /** A video file or a folder of pictures. */
  readonly path: string;
  /** `native`: at the recorded rate; `max`: as fast as the consumer takes; or frames per second. */
  readonly pace: 'native' | 'max' | number;
  /** Whether to start again after the last frame, for ever. */
  readonly loop: boolean;
  /** Size of the frames; null: as recorded. */
  readonly size: PictureSize | null;
  /** Frames per second that a folder counts as recorded at, above 0. */
  readonly folderFps: number;
}

/**
 * Plays a recording as if it were a camera. `monotonicMs` is the recording's own time and goes on
 * growing from pass to pass, so the same frames give the same tracks at every pace.
 */
export class ReplaySource implements FrameSource {
  readonly retryable = false;
  readonly pacing: FrameSource['pacing'];
  readonly #options: ReplayOptions;
  readonly #decode: PictureDecoder;
  readonly #context: SourceContext;

  /** @param decode reads the pictures of a folder. */
  constructor(options: ReplayOptions, decode: PictureDecoder, context: SourceContext) {
    this.pacing = options.pace === 'max' ? 'on-demand' : 'live';
    this.#options = options;
    this.#decode = decode;
    this.#context = context;
  }

  async *frames(signal: AbortSignal): AsyncGenerator<Frame, void, undefined> {
    const medium = await this.#open(signal);
    if (medium === null) return;
    const { pace, loop } = this.#options;
    const pacer = pace === 'max' ? null : new Pacer(pace === 'native' ? medium.fps : pace);
    let sequence = 0;
    do {
      for await (const image of medium.pass(signal)) {
        if (pacer !== null) await pacer.next(signal);
        if (signal.aborted) return;
        const monotonicMs = (sequence * 1000) / medium.fps;
        yield {
          ...image,
          sequence,
          capturedAtMs: Date.now(),
          monotonicMs,
          timestampSource: 'read',
        };
        sequence += 1;
        // The next frame is decoded as soon as it is asked for: not at the cost of this one's detection.
        await pacer?.rest(signal);
      }
    } while (loop && !signal.aborted);
  }

  async #open(signal: AbortSignal): Promise<ReplayMedium | null> {
    const { path, size, folderFps } = this.#options;
    const found = await stat(path).catch((cause: unknown) => {
      throw new CameraError(`Cannot replay "${path}": ${messageOf(cause)}`, { cause });
    });
    if (found.isFile()) return await openVideo(path, size, this.#context, signal);
    if (found.isDirectory()) {
      const options = { folder: path, size, fps: folderFps };
      return await openPictureFolder(options, this.#decode, this.#context.log);
    }
    throw new CameraError(
      `Cannot replay "${path}": it is neither a video file nor a folder of pictures`,
    );
  }
}
