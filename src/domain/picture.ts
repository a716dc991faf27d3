/** A decoded picture: RGB, interleaved, packed. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** `widthPx · heightPx · 3` bytes over an ArrayBuffer of its own. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * Decodes a picture file, upright; `size` stretches it to that size, null keeps its own.
 * Rejects with a sentence that names the file when it cannot be read.
 */
export type PictureDecoder = (
  file: string,
  size: { readonly widthPx: number; readonly heightPx: number } | null,
) => Promise<Picture>;
