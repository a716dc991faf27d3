import type { Frame } from '../../src/domain/frame.js';
import type { MotionDetector, MotionReading } from '../../src/motion/motion-detector.js';

/** What the next frame shows, judged at once. */
export function look(detector: MotionDetector, frame: Frame): MotionReading {
  detector.see(frame);
  return detector.judge();
}
