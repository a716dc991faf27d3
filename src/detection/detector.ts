import type { FrameDetections } from '../domain/detection.js';
import type { Frame } from '../domain/frame.js';

/** Finds objects in frames. */
export interface Detector extends AsyncDisposable {
  /**
   * Runs the active model on one frame. Takes ownership of `frame.data`, whatever comes of it.
   * One frame runs at a time, and calls are answered in their order. `queuedMs` is how long the
   * frame has waited before, for the timings.
   * @throws InferenceError when this frame could not be run; the next one may be tried.
   */
  detect(frame: Frame, queuedMs: number): Promise<FrameDetections>;
}
