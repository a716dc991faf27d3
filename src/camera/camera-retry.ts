import { delay } from '../async/abort.js';
import { Backoff } from '../async/backoff.js';
import type { Frame } from '../domain/frame.js';
import { CameraError } from '../errors.js';
import type { Log } from '../log.js';
import type { CameraState } from './camera-state.js';
import type { FrameSource } from './frame-source.js';
import { RestartBell } from './restart-bell.js';

export interface RetryOptions {
  readonly log: Log;
  /** Told of the first frame after each start, and of each failure. */
  readonly onState: (state: CameraState) => void;
  /** Has the source started again when it is rung, which is no failure. */
  readonly bell?: RestartBell;
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
  {
    log,
    onState,
    bell = new RestartBell(),
    delays = { minMs: 1_000, maxMs: 30_000 },
  }: RetryOptions,
  signal: AbortSignal,
): AsyncGenerator<Frame, void, undefined> {
  const backoff = new Backoff(delays);
  let sequence = 0;
  let waitMs = 0;
  const say = (state: CameraState): void => {
    onState(state);
    bell.tell(state);
  };
  while (!signal.aborted) {
    let onlineSinceMs = Number.POSITIVE_INFINITY;
    const numbered = (frame: Frame): Frame => {
      if (onlineSinceMs === Number.POSITIVE_INFINITY) {
        onlineSinceMs = performance.now();
        say({ online: true });
      }
      return { ...frame, sequence: sequence++ };
    };
    using start = beginStart(bell, signal);
    const end = yield* framesOfStart(source.frames(start.signal), numbered);
    // Also when it took its stop badly.
    if (start.signal.aborted) continue;
    if (end === 'through') return;
    say({ online: false, reason: end.message });
    if (source.retryable === false) throw end;
    // A camera that gives a few frames and dies, again and again, is not well.
    if (performance.now() - onlineSinceMs > waitMs) backoff.reset();
    waitMs = backoff.nextMs();
    log.warn(`${end.message}; next attempt in ${(waitMs / 1000).toFixed(1)} s`);
    await delay(waitMs, start.signal);
  }
}

/** The frames with other numbers; gives how it ended. */
async function* framesOfStart(
  frames: AsyncIterable<Frame>,
  numbered: (frame: Frame) => Frame,
): AsyncGenerator<Frame, 'through' | CameraError> {
  try {
    for await (const frame of frames) yield numbered(frame);
    return 'through';
  } catch (error) {
    if (error instanceof CameraError) return error;
    throw error;
  }
}

/** A start that ends when the bell rings, or with `signal`. */
function beginStart(bell: RestartBell, signal: AbortSignal) {
  const start = new AbortController();
  const stop = (): void => start.abort();
  signal.addEventListener('abort', stop, { once: true });
  bell.answerWith(stop);
  return {
    signal: start.signal,
    [Symbol.dispose]: () => signal.removeEventListener('abort', stop),
  };
}
