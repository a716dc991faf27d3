import { readFile, stat } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import type { Picture, PictureSize } from '../domain/picture.js';
import { messageOf } from '../errors.js';
import { decodeBmp, isBmp } from './bmp.js';

const MAX_FILE_BYTES = 64 << 20;
/** A small file can unfold to any size: what does not fit a small board is refused. */
const MAX_PIXELS = 50_000_000;

/**
 * Decodes a picture file (JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP), upright as its camera meant it;
 * `size` stretches it to that size with a Lanczos filter, null keeps its own.
 * @throws Error naming the file and why it cannot be read.
 */
export async function readPicture(file: string, size: PictureSize | null = null): Promise<Picture> {
  try {
    const upright = (await openPicture(file)).autoOrient();
    const sized = size
      ? upright.resize(size.widthPx, size.heightPx, { fit: 'fill', kernel: 'lanczos3' })
      : upright;
    const { data, info } = await sized
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { widthPx: info.width, heightPx: info.height, data: new Uint8Array(data) };
  } catch (cause) {
    throw new Error(`Cannot read picture "${file}": ${messageOf(cause)}`, { cause });
  }
}

/** Width and height of a picture file, upright. */
export async function pictureSize(file: string): Promise<PictureSize> {
  try {
    const { width, height, autoOrient } = await (await openPicture(file)).metadata();
    return { widthPx: autoOrient?.width ?? width, heightPx: autoOrient?.height ?? height };
  } catch (cause) {
    throw new Error(`Cannot read picture "${file}": ${messageOf(cause)}`, { cause });
  }
}

async function openPicture(file: string): Promise<Sharp> {
  const stats = await stat(file);
  // A device or a pipe might never end.
  if (!stats.isFile()) throw new Error('it is not a file');
  if (stats.size > MAX_FILE_BYTES) {
    throw new Error(`it has ${stats.size} bytes, at most 64 MiB are read`);
  }
  const bytes = await readFile(file);
  if (!isBmp(bytes)) return sharp(bytes, { limitInputPixels: MAX_PIXELS });
  const { widthPx, heightPx, data } = decodeBmp(bytes, MAX_PIXELS);
  return sharp(data, { raw: { width: widthPx, height: heightPx, channels: 3 } });
}
