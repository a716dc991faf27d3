import type { ModelInput } from '../domain/detector-model.js';
import type { TensorData } from './interpreter.js';

const [MIN_INT8, MAX_INT8] = [-128, 127];

/** What the model's input stores for each pixel value from 0 to 255. */
export function pixelValues(input: ModelInput): TensorData {
  const pixels = Array.from({ length: 256 }, (_, pixel) => pixel);
  switch (input.dtype) {
    // A uint8 input takes pixels as they are: that is what converters make of pictures, and what
    // every user of such models feeds them. Rescaling would only shift values by rounding.
    case 'uint8':
      return Uint8Array.from(pixels);
    case 'int8':
      return Int8Array.from(pixels, (pixel) => quantised(pixel, input));
    case 'float32': {
      const { mean, std } = input.normalisation ?? { mean: 127.5, std: 127.5 };
      return Float32Array.from(pixels, (pixel) => (pixel - mean) / std);
    }
    default:
      throw input.dtype satisfies never;
  }
}

/**
 * The stored value of a pixel, q = (p − mean) / std / scale + zeroPoint. A model that does not say
 * how it was normalised covers 0..1, −1..1 or 0..255, whichever its scale spans with 255 steps.
 */
function quantised(pixel: number, input: ModelInput): number {
  const { mean, std } = input.normalisation ?? guessNormalisation(input.scale * 255);
  const value = Math.round((pixel - mean) / std / input.scale + input.zeroPoint);
  return Math.min(MAX_INT8, Math.max(MIN_INT8, value));
}

function guessNormalisation(range: number): { readonly mean: number; readonly std: number } {
  if (range < 1.5) return { mean: 0, std: 255 };
  return range < 16 ? { mean: 127.5, std: 127.5 } : { mean: 0, std: 1 };
}
