import type { Fit, ModelInput } from '../domain/detector-model.js';
import type { Frame, FrameLayout } from '../domain/frame.js';
import type { TensorData } from './interpreter.js';
import { COLOUR_CODES, type PixelRun, planPixels } from './pixel-kernel.js';
import { pixelValues } from './pixel-values.js';
import { type Placement, placePicture } from './placement.js';

/** Grey of the bars beside a letterboxed picture, as in the training of YOLO models. */
const BAR_GREY = 114;

/**
 * Turns frames of one layout into the input tensor of one model: scaling, colour conversion and
 * quantisation. Reuses its buffers.
 */
export class Preprocessor {
  readonly placement: Placement;
  readonly #layout: FrameLayout;
  readonly #run: PixelRun;

  /** @throws RangeError when a side of the frame or of the input is longer than 65535 pixels. */
  constructor(layout: FrameLayout, input: ModelInput, fit: Fit) {
    const placement = placePicture(layout, input, fit);
    const geometry = {
      widthPx: layout.widthPx,
      heightPx: layout.heightPx,
      strideBytes: layout.strideBytes,
      chromaStrideBytes: layout.chromaStrideBytes,
      colours: COLOUR_CODES[layout.colours],
      inputWidthPx: input.widthPx,
      inputHeightPx: input.heightPx,
      pictureWidthPx: placement.widthPx,
      pictureHeightPx: placement.heightPx,
      xPx: placement.xPx,
      yPx: placement.yPx,
      barValue: BAR_GREY,
    };
    this.placement = placement;
    this.#layout = layout;
    this.#run = planPixels(geometry, pixelValues(input));
  }

  /** Whether frames of this layout can be given to `run`. */
  accepts(layout: FrameLayout): boolean {
    const own = this.#layout;
    return (
      own.pixelFormat === layout.pixelFormat &&
      own.colours === layout.colours &&
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
    this.#run(frame.data, target);
  }
}
