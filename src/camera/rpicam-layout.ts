import { type FrameLayout, frameByteLength, packedLayout } from '../domain/frame.js';
import type { PictureSize } from '../domain/picture.js';

const ALIGNMENT_BYTES = 64;

/**
 * The layout of `rpicam-vid`'s YUV420 frames where every camera pipeline agrees that there is no
 * padding (multiples of 128), or null where it depends on the machine.
 */
export function certainLayout(size: PictureSize): FrameLayout | null {
  const layouts = possibleLayouts(size);
  const packed = packedLayout('yuv420p', size.widthPx, size.heightPx);
  const certain = layouts.every((it) => frameByteLength(it) === frameByteLength(packed));
  return certain ? packed : null;
}

/** The layout whose frames take `frameBytes`, or null when no known one does. */
export function layoutOfBytes(size: PictureSize, frameBytes: number): FrameLayout | null {
  return possibleLayouts(size).find((it) => frameByteLength(it) === frameBytes) ?? null;
}

/**
 * Every layout that libcamera's pipelines give, in whole buffers with their stride. Each takes
 * another number of bytes unless it is the same layout, so the number tells which one it is.
 */
export function possibleLayouts(size: PictureSize): readonly FrameLayout[] {
  const lumaBytes = align(size.widthPx);
  const chromaBytes = align(size.widthPx / 2);
  const packed = packedLayout('yuv420p', size.widthPx, size.heightPx);
  const withStrides = (strideBytes: number, chromaStrideBytes: number): FrameLayout => ({
    ...packed,
    strideBytes,
    chromaStrideBytes,
  });
  return [
    packed,
    // Pi 4 and older: the luma plane is aligned, the chroma planes follow.
    withStrides(lumaBytes, lumaBytes / 2),
    // Pi 5: the chroma planes are aligned, the luma plane follows.
    withStrides(2 * chromaBytes, chromaBytes),
    // Software cameras: each plane is aligned on its own.
    withStrides(lumaBytes, chromaBytes),
  ];
}

/** The size of the first stream in libcamera's line `configuring streams`; null in other lines. */
export function configuredSize(line: string): PictureSize | null {
  const [, widthPx, heightPx] = /configuring streams: \(0\) (\d+)x(\d+)-/.exec(line) ?? [];
  return widthPx && heightPx ? { widthPx: Number(widthPx), heightPx: Number(heightPx) } : null;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}
