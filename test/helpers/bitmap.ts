/** A Windows bitmap to make; rows from the top, each already packed to its bits. */
export interface BitmapWish {
  readonly widthPx: number;
  readonly rows: readonly (readonly number[])[];
  readonly bitsPerPixel: number;
  /** Blue, green, red and 0 for each colour. */
  readonly palette?: readonly (readonly [number, number, number, number])[];
  /** Stored from the top instead of from the bottom, as a negative height says. */
  readonly topDown?: boolean;
  readonly compression?: number;
  /** Bytes of the info header; 40 unless given. */
  readonly headerBytes?: number;
}

/** Writes a bitmap with a BITMAPINFOHEADER. */
export function bitmap(wish: BitmapWish): Uint8Array<ArrayBuffer> {
  const { palette = [], headerBytes = 40 } = wish;
  const strideBytes = Math.ceil((wish.widthPx * wish.bitsPerPixel) / 32) * 4;
  const pixelsAt = 14 + headerBytes + palette.length * 4;
  const bytes = new Uint8Array(pixelsAt + strideBytes * wish.rows.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, pixelsAt, true);
  view.setUint32(14, headerBytes, true);
  view.setInt32(18, wish.widthPx, true);
  view.setInt32(22, wish.topDown ? -wish.rows.length : wish.rows.length, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, wish.bitsPerPixel, true);
  view.setUint32(30, wish.compression ?? 0, true);
  view.setUint32(46, palette.length, true);
  palette.forEach((colour, i) => {
    bytes.set(colour, 14 + headerBytes + i * 4);
  });
  const stored = wish.topDown ? wish.rows : wish.rows.toReversed();
  stored.forEach((row, i) => {
    bytes.set(row, pixelsAt + i * strideBytes);
  });
  return bytes;
}
