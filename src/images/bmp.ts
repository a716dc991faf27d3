import { decode } from 'fast-bmp';
import type { Picture } from '../domain/picture.js';

/** Whether the bytes begin as a Windows bitmap does. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/**
 * Decodes an uncompressed Windows bitmap of 1, 8, 24 or 32 bits a pixel.
 * @throws Error when it is damaged or of another kind.
 */
export function decodeBmp(bytes: Uint8Array): Picture {
  const { width, height, channels, bitsPerPixel, data } = decode(bytes);
  const pixels = width * height;
  if (!(data instanceof Uint8Array)) throw new Error('the decoder gave no bytes');
  if (data.length < (bitsPerPixel === 1 ? pixels / 8 : pixels * channels)) {
    throw new Error('the file is cut short');
  }
  const rgb = new Uint8Array(pixels * 3);
  const sample = sampler(data, bitsPerPixel, channels);
  for (let i = 0; i < pixels; i++) {
    for (let channel = 0; channel < 3; channel++) rgb[i * 3 + channel] = sample(i, channel);
  }
  return { widthPx: width, heightPx: height, data: rgb };
}

function sampler(
  data: Uint8Array,
  bitsPerPixel: number,
  channels: number,
): (pixel: number, channel: number) => number {
  if (bitsPerPixel === 1) {
    return (pixel) => (((data[pixel >> 3] ?? 0) >> (7 - (pixel & 7))) & 1 ? 255 : 0);
  }
  if (channels < 3) return (pixel) => data[pixel * channels] ?? 0;
  return (pixel, channel) => data[pixel * channels + channel] ?? 0;
}
