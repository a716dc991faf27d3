import type { YuvColours } from '../domain/frame.js';
import { addonFile, loadAddon } from '../native-addon.js';
import type { TensorData } from './interpreter.js';

/** How frames of one layout become the input of one model; the picture lies inside the input. */
export interface PixelGeometry {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly strideBytes: number;
  /** 0 for `rgb24`. */
  readonly chromaStrideBytes: number;
  /** One of COLOUR_CODES. */
  readonly colours: number;
  readonly inputWidthPx: number;
  readonly inputHeightPx: number;
  readonly pictureWidthPx: number;
  readonly pictureHeightPx: number;
  readonly xPx: number;
  readonly yPx: number;
  /** Pixel value, 0..255, of what the picture leaves free. */
  readonly barValue: number;
}

/** The numbers of `enum colours` in `native/pixel-plan.h`. */
export const COLOUR_CODES: Readonly<Record<YuvColours, number>> = { jpeg: 0, bt601: 1, bt709: 2 };

/**
 * Writes a frame into the memory of a model's input (NHWC, RGB), which has the type of the plan's
 * values.
 * @throws RangeError when one of them is too short, TypeError when it is of another type.
 */
export type PixelRun = (frame: Uint8Array, target: TensorData) => void;

/** What `native/preprocess.c` exports. */
interface PreprocessAddon {
  createPlan(geometry: PixelGeometry, values: TensorData): PixelRun;
}

/**
 * Prepares everything that is the same for each frame: scaling (shrinking averages every pixel that
 * is covered, growing interpolates linearly), colour conversion and the values that the
 * input stores for the 256 pixel values. Its memory is freed with the function.
 * @throws RangeError when the numbers do not fit each other, and Error when the compiled part is
 * missing or was built for another machine.
 */
export function planPixels(
  geometry: PixelGeometry,
  values: TensorData,
  file = addonFile('preprocess'),
): PixelRun {
  return (loadAddon(file) as PreprocessAddon).createPlan(geometry, values);
}
