/** Width and height of a picture in pixels. */
export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A decoded picture: RGB, three bytes a pixel, rows without padding. */
export interface Picture extends PictureSize {
  /** Over an ArrayBuffer of its own: it may be transferred. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a picture file. With a `size` the picture is stretched to it, with null it keeps its own.
 * Rejects when the file is no picture that it can read.
 */
export type PictureDecoder = (file: string, size: PictureSize | null) => Promise<Picture>;
