import type { FrameSource } from '../camera/frame-source.js';
import type { Frame } from '../domain/frame.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';

/** Enough to hold engines against each other, and less than a second of a camera. */
const FRAMES = 4;
/** A Pi camera gives its first frame after one or two seconds. */
const TIMEOUT_MS = 6_000;

/**
 * The first frames of a source, which is started for them and stopped again. None where the camera
 * gives none: what is to be done about that is the pipeline's business.
 */
export async function firstFrames(
  source: FrameSource,
  log: Log,
  signal: AbortSignal,
): Promise<Frame[]> {
  const frames: Frame[] = [];
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), TIMEOUT_MS);
  try {
    for await (const frame of source.frames(AbortSignal.any([signal, enough.signal]))) {
      frames.push(frame);
      if (frames.length >= FRAMES) break;
    }
  } catch (error) {
    log.debug('No frames to try engines on', { error: messageOf(error) });
  } finally {
    clearTimeout(timer);
  }
  return frames;
}
