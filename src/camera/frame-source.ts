import type { Frame } from '../domain/frame.js';

/**
 * Where frames come from. The iteration ends when `signal` is aborted or a finite source is
 * through, and throws CameraError when frames stop coming; trying again is the caller's business.
 * By the time the iteration has ended, whichever way, the source has released the camera: no child
 * process is left.
 */
export interface FrameSource {
  /**
   * `live`: frames come when they come, and a consumer that is late loses some.
   * `on-demand`: a frame is made only when asked for, so a consumer that waits loses none.
   */
  readonly pacing: 'live' | 'on-demand';
  /** False where trying again after a failure cannot help, as with a file. A camera may return. */
  readonly retryable?: false;
  frames(signal: AbortSignal): AsyncIterable<Frame>;
}
