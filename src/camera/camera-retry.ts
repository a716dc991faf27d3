import { delay } from '../async/abort.js';
import { Backoff } from '../async/backoff.js';
import type { Frame } from '../domain/frame.js';
import { CameraError } from '../errors.js';
import type { Log } from '../log.js';
import type { FrameSource } from './frame-source.js';

/** Whether frames flow, and why not. */
export type CameraState =
  | { readonly online: true }
  | { readonly online: false; readonly reason: string };

export interface RetryOptions {
  readonly log: Log;
  /** Told of the first frame after each start, and of each failure. */
  readonly onState: (state: CameraState) => void;
  /** Bounds of the delay before the next start; 1 to 30 s unless given. */
  readonly delays?: { readonly minMs: number; readonly maxMs: number };
}

/**
 * The frames of a source that is started again whenever it fails, numbered through. Ends when the
 * source does by itself, or on abort.
 * @throws CameraError of a source that is not retryable, and whatever else a source throws.
 */
export async function* framesWithRetry(
  source: FrameSource,
  { log, onState, delays = { minMs: 1_000, maxMs: 30_000 } }: RetryOptions,
  signal: AbortSignal,
): AsyncGenerator<Frame, void, undefined> {
  const backoff = new Backoff(delays);
  let sequence = 0;
  let waitMs = 0;
  while (!signal.aborted) {
    let onlineSinceMs = Number.POSITIVE_INFINITY;
    const onFirst = () => {
      onlineSinceMs = performance.now();
      onState({ online: true });
    };
    try {
      for await (const frame of watched(source.frames(signal), onFirst)) {
        yield { ...frame, sequence };
        sequence += 1;
      }
      return;
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      onState({ online: false, reason: error.message });
      if (source.retryable === false) throw error;
      // A camera that gives a few frames and dies, again and again, is not well.
      if (performance.now() - onlineSinceMs > waitMs) backoff.reset();
      waitMs = backoff.nextMs();
      log.warn(`${error.message}; next attempt in ${(waitMs / 1000).toFixed(1)} s`);
      await delay(waitMs, signal);
    }
  }
}

async function* watched(frames: AsyncIterable<Frame>, onFirst: () => void) {
  let first = true;
  for await (const frame of frames) {
    if (first) onFirst();
    first = false;
    yield frame;
  }
}
