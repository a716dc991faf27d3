import type { Detection } from '../domain/detection.js';
import type { Jpeg } from '../domain/event-picture.js';
import type { Picture } from '../domain/picture.js';
import { annotate } from './annotate.js';

/** Less than every broker takes. */
const MAX_BYTES = 240 << 10;
/** Of the JPEG; the first that is small enough is taken. */
const QUALITIES = [80, 60, 40, 20];

/**
 * A picture with detections drawn over it as a JPEG of at most 240 KiB.
 * @throws Error when it is larger even at its worst.
 */
export async function boundedJpeg(
  picture: Picture,
  detections: readonly Detection[],
): Promise<Jpeg> {
  const { widthPx, heightPx } = picture;
  for (const quality of QUALITIES) {
    const bytes = await annotate(picture, detections, quality);
    if (bytes.length <= MAX_BYTES) return { bytes, widthPx, heightPx };
  }
  throw new Error(
    `Cannot make a JPEG of ${widthPx}x${heightPx} pixels: it has more than ${MAX_BYTES} bytes`,
  );
}
