import type { Picture } from '../domain/picture.js';

const FILE_HEADER_BYTES = 14;
/** Of the header BITMAPINFOHEADER, which every later kind begins with. */
const INFO_HEADER_BYTES = 40;
const BITS_PER_PIXEL = [1, 4, 8, 24, 32];

interface Header {
  readonly pixelsAt: number;
  readonly paletteAt: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly topDown: boolean;
  readonly bitsPerPixel: number;
}

/** Whether the bytes begin as a Windows bitmap does. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/**
 * Decodes an uncompressed Windows bitmap of 1, 4 or 8 bits a pixel with a palette, or of 24 or 32
 * bits; transparency is ignored. Format: BITMAPINFOHEADER of the Windows API.
 * @throws Error when it is cut short, of another kind, or of more than `maxPixels`.
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): Picture {
  const { widthPx, heightPx, topDown, ...header } = headerOf(bytes);
  const { bitsPerPixel, pixelsAt } = header;
  if (widthPx * heightPx > maxPixels) {
    throw new Error(`it has ${widthPx}x${heightPx} pixels, at most ${maxPixels} are read`);
  }
  const strideBytes = Math.ceil((widthPx * bitsPerPixel) / 32) * 4;
  if (pixelsAt + strideBytes * heightPx > bytes.length) throw new Error('the file is cut short');
  const data = new Uint8Array(widthPx * heightPx * 3);
  const colourAt = colourReader(bytes, header);
  let to = 0;
  for (let y = 0; y < heightPx; y++) {
    const row = pixelsAt + (topDown ? y : heightPx - 1 - y) * strideBytes;
    for (let x = 0; x < widthPx; x++) {
      const from = colourAt(row, x);
      data[to++] = bytes[from + 2] ?? 0;
      data[to++] = bytes[from + 1] ?? 0;
      data[to++] = bytes[from] ?? 0;
    }
  }
  return { widthPx, heightPx, data };
}

function headerOf(bytes: Uint8Array): Header {
  if (bytes.length < FILE_HEADER_BYTES + INFO_HEADER_BYTES)
    throw new Error('the file is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(14, true);
  const widthPx = view.getInt32(18, true);
  const height = view.getInt32(22, true);
  const bitsPerPixel = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (headerBytes < INFO_HEADER_BYTES) throw new Error('it is a bitmap of an outdated kind');
  if (widthPx < 1 || height === 0) throw new Error(`it has ${widthPx}x${height} pixels`);
  if (!BITS_PER_PIXEL.includes(bitsPerPixel) || !isUncompressed(view, compression, bitsPerPixel)) {
    throw new Error(
      `it has ${bitsPerPixel} bits a pixel in compression ${compression}, expected ${BITS_PER_PIXEL.join(', ')} bits, uncompressed`,
    );
  }
  return {
    pixelsAt: view.getUint32(10, true),
    paletteAt: FILE_HEADER_BYTES + headerBytes,
    widthPx,
    heightPx: Math.abs(height),
    topDown: height < 0,
    bitsPerPixel,
  };
}

/** Compression 3 only names the places of the colours: as usual ones, it changes nothing. */
function isUncompressed(view: DataView, compression: number, bitsPerPixel: number): boolean {
  if (compression !== 3 || bitsPerPixel !== 32 || view.byteLength < 66) return compression === 0;
  const masks = [54, 58, 62].map((at) => view.getUint32(at, true));
  return masks.join() === [0xff0000, 0xff00, 0xff].join();
}

/** Gives where the blue, green and red of pixel `x` lie, for the row that begins at `row`. */
function colourReader(
  bytes: Uint8Array,
  { bitsPerPixel, paletteAt }: Pick<Header, 'bitsPerPixel' | 'paletteAt'>,
): (row: number, x: number) => number {
  const bytesPerPixel = bitsPerPixel / 8;
  if (bytesPerPixel >= 3) return (row, x) => row + x * bytesPerPixel;
  const mask = (1 << bitsPerPixel) - 1;
  return (row, x) => {
    const bit = x * bitsPerPixel;
    const index = ((bytes[row + (bit >> 3)] ?? 0) >> (8 - bitsPerPixel - (bit & 7))) & mask;
    return paletteAt + index * 4;
  };
}
