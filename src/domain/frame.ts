/**
 * Layout of a frame's bytes, under FFmpeg's names. `rgb24` is interleaved; `yuv420p` has its chroma
 * planes subsampled by two, each plane with its own stride.
 */
export type PixelFormat = 'rgb24' | 'yuv420p';

/**
 * What Y, U and V mean: `jpeg` is full-range BT.601, as cameras give it; `bt601` and `bt709` are of
 * limited range, as videos have them.
 */
export type YuvColours = 'jpeg' | 'bt601' | 'bt709';

/** What is known of a frame without its pixels. */
export interface FrameInfo {
  /** Counts the frames of one source from 0, without gaps. */
  readonly sequence: number;
  /** Unix time in ms at which the frame was taken (`sensor`) or arrived here (`read`). */
  readonly capturedAtMs: number;
  /**
   * Time of the frame in ms on a clock that never jumps; only differences mean anything. A replayed
   * file gives the file's own time here, so what is derived from it does not depend on the pace.
   */
  readonly monotonicMs: number;
  readonly timestampSource: 'sensor' | 'read';
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A picture on its way to the detector. Whoever holds it owns `data` and may transfer it. */
export interface Frame extends FrameInfo {
  readonly pixelFormat: PixelFormat;
  /** Means nothing for `rgb24`. */
  readonly colours: YuvColours;
  /** Bytes from one row to the next, of the only plane (`rgb24`) or of the luma plane. */
  readonly strideBytes: number;
  /** Bytes from one row to the next of each chroma plane; 0 for `rgb24`. */
  readonly chromaStrideBytes: number;
  /** Exactly the frame's bytes, over an ArrayBuffer of its own (never pooled: it is transferred). */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** How the bytes of a frame are laid out; a Frame is one, and so is a camera's stream. */
export type FrameLayout = Pick<
  Frame,
  'pixelFormat' | 'colours' | 'widthPx' | 'heightPx' | 'strideBytes' | 'chromaStrideBytes'
>;

/** The layout without padding between rows, with a camera's colours. */
export function packedLayout(
  pixelFormat: PixelFormat,
  widthPx: number,
  heightPx: number,
): FrameLayout {
  const common = { pixelFormat, colours: 'jpeg', widthPx, heightPx } as const;
  return pixelFormat === 'rgb24'
    ? { ...common, strideBytes: widthPx * 3, chromaStrideBytes: 0 }
    : { ...common, strideBytes: widthPx, chromaStrideBytes: Math.ceil(widthPx / 2) };
}

/** Number of bytes that one frame of this layout takes. */
export function frameByteLength(layout: FrameLayout): number {
  const luma = layout.strideBytes * layout.heightPx;
  return luma + 2 * layout.chromaStrideBytes * Math.ceil(layout.heightPx / 2);
}

/** The frame's description alone, for results that outlive its pixels. */
export function frameInfo(frame: FrameInfo): FrameInfo {
  const { sequence, capturedAtMs, monotonicMs, timestampSource, widthPx, heightPx } = frame;
  return { sequence, capturedAtMs, monotonicMs, timestampSource, widthPx, heightPx };
}
