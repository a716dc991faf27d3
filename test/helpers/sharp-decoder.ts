import sharp from 'sharp';
import type { PictureDecoder } from '../../src/domain/picture.js';

/** A real decoder for tests; what sharp cannot read (BMP) it refuses. */
export const decodeWithSharp: PictureDecoder = async (file, size) => {
  const picture = sharp(file).removeAlpha().toColourspace('srgb');
  if (size !== null) picture.resize(size.widthPx, size.heightPx, { fit: 'fill' });
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, data: new Uint8Array(data) };
};
