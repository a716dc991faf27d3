import type { Frame } from '../domain/frame.js';
import type { Track } from '../domain/track.js';

/** Looks at frames on their way to the detector, and says which it need not see. */
export interface FrameGate {
  /** Whether the frame is to be detected. Keeps nothing of it. */
  admits(frame: Frame): boolean;
  /** Takes all living tracks after each detected frame, and none when nothing is followed any more. */
  follow(tracks: readonly Track[]): void;
}
