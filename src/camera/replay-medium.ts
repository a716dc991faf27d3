import type { Frame, FrameLayout } from '../domain/frame.js';

/** Pixels and their layout, without the circumstances that make them a frame. */
export type Image = FrameLayout & Pick<Frame, 'data'>;

/** Something recorded that can be played any number of times. */
export interface ReplayMedium {
  /** Native rate in frames per second, above 0. */
  readonly fps: number;
  /**
   * All images from the first to the last; the consumer owns them. Ends early on abort.
   * @throws CameraError when there is not at least one, or reading breaks off.
   */
  pass(signal: AbortSignal): AsyncIterable<Image>;
}
