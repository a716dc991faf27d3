import type { DetectorModel } from '../domain/detector-model.js';
import type { Frame } from '../domain/frame.js';
import type { TensorData } from './interpreter.js';
import { Preprocessor } from './preprocess.js';

/** What a model's input tensor holds for a frame, as bytes of its element type. */
export function inputTensor(frame: Frame, { input, fit }: DetectorModel): Uint8Array {
  const length = input.widthPx * input.heightPx * 3;
  const target = emptyTensor(input.dtype, length);
  new Preprocessor(frame, input, fit).run(frame, target);
  return new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
}

function emptyTensor(dtype: DetectorModel['input']['dtype'], length: number): TensorData {
  switch (dtype) {
    case 'uint8':
      return new Uint8Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'float32':
      return new Float32Array(length);
    default:
      throw dtype satisfies never;
  }
}
