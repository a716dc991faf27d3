import type { Fit, ModelInput } from '../domain/detector-model.js';
import { type Frame, type FrameLayout, frameByteLength } from '../domain/frame.js';
import type { TensorData } from './interpreter.js';
import { PIXEL_MARGIN, pixelValues } from './pixel-values.js';
import { type Placement, placePicture } from './placement.js';
import { PlaneResampler } from './resample.js';

/** Grey of the bars beside a letterboxed picture, as in the training of YOLO models. */
const BAR_GREY = 114;

/**
 * Turns frames of one layout into the input tensor of one model: scaling, colour conversion and
 * quantisation. Reuses its buffers.
 */
export class Preprocessor {
  readonly placement: Placement;
  readonly #layout: FrameLayout;
  readonly #frameBytes: number;
  readonly #input: ModelInput;
  readonly #values: TensorData;
  readonly #luma: PlaneResampler;
  readonly #chroma: readonly [PlaneResampler, PlaneResampler] | null;

  constructor(layout: FrameLayout, input: ModelInput, fit: Fit) {
    this.placement = placePicture(layout, input, fit);
    this.#layout = layout;
    this.#frameBytes = frameByteLength(layout);
    this.#input = input;
    this.#values = pixelValues(input);
    const planar = layout.pixelFormat === 'yuv420p';
    this.#luma = new PlaneResampler(layout, this.placement, planar ? 1 : 3);
    const chromaTarget = halfOf(this.placement);
    this.#chroma = planar
      ? [
          new PlaneResampler(halfOf(layout), chromaTarget, 1),
          new PlaneResampler(halfOf(layout), chromaTarget, 1),
        ]
      : null;
  }

  /** Whether frames of this layout can be given to `run`. */
  accepts(layout: FrameLayout): boolean {
    const own = this.#layout;
    return (
      own.pixelFormat === layout.pixelFormat &&
      own.widthPx === layout.widthPx &&
      own.heightPx === layout.heightPx &&
      own.strideBytes === layout.strideBytes &&
      own.chromaStrideBytes === layout.chromaStrideBytes
    );
  }

  /**
   * Writes the frame into `target`, the memory of the model's input (NHWC, RGB).
   * @throws RangeError when the frame has fewer bytes than its layout needs.
   */
  run(frame: Frame, target: TensorData): void {
    const { byteLength } = frame.data;
    if (byteLength < this.#frameBytes) {
      throw new RangeError(
        `Cannot read frame ${frame.sequence}: it has ${byteLength} bytes, expected ${this.#frameBytes}`,
      );
    }
    const { widthPx, heightPx } = this.placement;
    if (widthPx < this.#input.widthPx || heightPx < this.#input.heightPx) {
      target.fill(this.#values[PIXEL_MARGIN + BAR_GREY]!);
    }
    this.#luma.run({ data: frame.data, offsetBytes: 0, strideBytes: frame.strideBytes });
    if (this.#chroma) {
      this.#resampleChroma(frame, this.#chroma);
      this.#writeYuv(target, this.#chroma);
    } else {
      this.#writeRgb(target);
    }
  }

  #resampleChroma(frame: Frame, [u, v]: readonly [PlaneResampler, PlaneResampler]): void {
    const strideBytes = frame.chromaStrideBytes;
    const offsetBytes = frame.strideBytes * frame.heightPx;
    const planeBytes = strideBytes * Math.ceil(frame.heightPx / 2);
    u.run({ data: frame.data, offsetBytes, strideBytes });
    v.run({ data: frame.data, offsetBytes: offsetBytes + planeBytes, strideBytes });
  }

  /**
   * Colour is kept at half the input's size in both directions, as the camera delivers it too:
   * detectors see no difference, and it is most of the work.
   * Full-range BT.601 (ITU-R BT.601-7, JFIF), coefficients in 1/65536.
   */
  #writeYuv(target: TensorData, chroma: readonly [PlaneResampler, PlaneResampler]): void {
    const values = this.#values;
    const luma = this.#luma.output;
    const us = chroma[0].output;
    const vs = chroma[1].output;
    const { widthPx, heightPx } = this.placement;
    const chromaWidth = (widthPx + 1) >> 1;
    let from = 0;
    for (let y = 0; y < heightPx; y++) {
      const chromaRow = (y >> 1) * chromaWidth;
      let to = this.#rowStart(y);
      for (let x = 0; x < widthPx; x++, from++, to += 3) {
        const base = PIXEL_MARGIN + luma[from]!;
        const u = us[chromaRow + (x >> 1)]! - 128;
        const v = vs[chromaRow + (x >> 1)]! - 128;
        target[to] = values[base + ((91881 * v + 32768) >> 16)]!;
        target[to + 1] = values[base - ((22554 * u + 46802 * v + 32768) >> 16)]!;
        target[to + 2] = values[base + ((116130 * u + 32768) >> 16)]!;
      }
    }
  }

  #writeRgb(target: TensorData): void {
    const values = this.#values;
    const pixels = this.#luma.output;
    const { widthPx, heightPx } = this.placement;
    let from = 0;
    for (let y = 0; y < heightPx; y++) {
      const rowStart = this.#rowStart(y);
      for (let to = rowStart; to < rowStart + widthPx * 3; to++) {
        target[to] = values[PIXEL_MARGIN + pixels[from++]!]!;
      }
    }
  }

  #rowStart(y: number): number {
    const { xPx, yPx } = this.placement;
    return ((yPx + y) * this.#input.widthPx + xPx) * 3;
  }
}

function halfOf({ widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number }): {
  readonly widthPx: number;
  readonly heightPx: number;
} {
  return { widthPx: Math.ceil(widthPx / 2), heightPx: Math.ceil(heightPx / 2) };
}
