import sharp from 'sharp';
import type { Picture } from '../domain/picture.js';

/** Good enough to look at, and a third of the bytes of a picture to keep. */
const QUALITY = 75;

/** The picture as a JPEG. */
export async function encodeJpeg({ widthPx, heightPx, data }: Picture): Promise<Uint8Array> {
  return await sharp(data, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
