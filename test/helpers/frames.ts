import {
  type Frame,
  frameByteLength,
  type PixelFormat,
  packedLayout,
} from '../../src/domain/frame.js';

/** What a test wants to say of a frame; the rest does not matter to it. */
export interface FrameWish {
  readonly sequence?: number;
  readonly pixelFormat?: PixelFormat;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly data?: Uint8Array<ArrayBuffer>;
}

/** A packed frame, all zeros unless `data` is given; small unless sizes are. */
export function makeFrame(wish: FrameWish = {}): Frame {
  const { sequence = 0, pixelFormat = 'rgb24', widthPx = 2, heightPx = 2 } = wish;
  const layout = packedLayout(pixelFormat, widthPx, heightPx);
  return {
    ...layout,
    sequence,
    capturedAtMs: 1_700_000_000_000 + sequence * 100,
    monotonicMs: sequence * 100,
    timestampSource: 'read',
    data: wish.data ?? new Uint8Array(frameByteLength(layout)),
  };
}

/** A frame of one colour: `values` are R, G, B or Y, U, V. */
export function plainFrame(
  pixelFormat: PixelFormat,
  widthPx: number,
  heightPx: number,
  values: readonly [number, number, number],
): Frame {
  const frame = makeFrame({ pixelFormat, widthPx, heightPx });
  const { data } = frame;
  if (pixelFormat === 'rgb24') {
    for (let i = 0; i < data.length; i++) data[i] = values[i % 3] ?? 0;
    return frame;
  }
  const lumaBytes = widthPx * heightPx;
  const chromaBytes = (data.length - lumaBytes) / 2;
  data.fill(values[0], 0, lumaBytes);
  data.fill(values[1], lumaBytes, lumaBytes + chromaBytes);
  data.fill(values[2], lumaBytes + chromaBytes);
  return frame;
}
