import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import { Builder } from 'flatbuffers';
import { encode } from 'flatbuffers/js/flexbuffers.js';
import { hasModelIdentifier } from '../../src/models/model-file.js';
import type { ModelBytes } from '../../src/models/read-model.js';
import { int32s, quantise, table, tables } from './flat-builder.js';

const FLOAT32 = 0;
export const UINT8 = 3;
export const INT8 = 9;

/** A tensor of the model to make. */
export interface TensorWish {
  readonly shape: readonly number[];
  /** Code of the schema; float32 unless given. */
  readonly type?: number;
  readonly scale?: number;
  readonly zeroPoint?: number;
}

/** What a test wants of a model file; the rest is a detector of two classes. */
export interface ModelWish {
  readonly input?: TensorWish;
  readonly inputCount?: number;
  /** Name of the one operator. */
  readonly operator?: string;
  readonly classCount?: number;
  /** Which of the operator's outputs the graph gives out, in which order. */
  readonly graphOutputs?: readonly number[];
  /** Appended to the file as an archive. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * A TensorFlow Lite file with one custom operator and no weights: complete for a reader of files,
 * not runnable. Written by field numbers, as the schema version 3 has them.
 */
export function tinyModel(wish: ModelWish = {}): Uint8Array<ArrayBuffer> {
  const builder = new Builder();
  const inputCount = wish.inputCount ?? 1;
  const inputs = Array.from({ length: inputCount }, (_, i) => i);
  const outputs = Array.from({ length: 4 }, (_, i) => inputCount + i);
  const input = wish.input ?? { shape: [1, 24, 32, 3], type: UINT8, scale: 1 / 255, zeroPoint: 0 };
  const tensors = [...inputs.map(() => input), ...outputs.map(() => ({ shape: [1, 10] }))];
  const graph = table(builder, [
    {
      offset: tables(
        builder,
        tensors.map((tensor) => writeTensor(builder, tensor)),
      ),
    },
    { offset: int32s(builder, inputs) },
    {
      offset: int32s(
        builder,
        (wish.graphOutputs ?? [0, 1, 2, 3]).map((i) => inputCount + i),
      ),
    },
    { offset: tables(builder, [writeOperator(builder, inputs, outputs, wish.classCount ?? 2)]) },
  ]);
  const name = builder.createString(wish.operator ?? 'TFLite_Detection_PostProcess');
  const code = table(builder, [{ int8: 32 }, { offset: name }, {}, { int32: 32 }]);
  const model = table(builder, [
    { int32: 3 },
    { offset: tables(builder, [code]) },
    { offset: tables(builder, [graph]) },
    { offset: builder.createString('made by a test') },
  ]);
  builder.finish(model, 'TFL3');
  return withFiles(builder.asUint8Array(), wish.files);
}

/** Such a model as if it had been read from the file `tiny.tflite`. */
export function tinyModelBytes(wish: ModelWish = {}): ModelBytes {
  const bytes = tinyModel(wish);
  if (!hasModelIdentifier(bytes)) throw new Error('the model that was made has no identifier');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: `tiny@${sha256.slice(0, 12)}`, name: 'tiny', sha256, file: 'tiny.tflite', bytes };
}

function writeTensor(builder: Builder, { shape, type, scale, zeroPoint }: TensorWish): number {
  const dimensions = int32s(builder, shape);
  const name = builder.createString('t');
  const quantisation = scale === undefined ? {} : { offset: quantise(builder, [scale], zeroPoint) };
  return table(builder, [
    { offset: dimensions },
    { int8: type ?? FLOAT32 },
    {},
    { offset: name },
    quantisation,
  ]);
}

function writeOperator(
  builder: Builder,
  inputs: readonly number[],
  outputs: readonly number[],
  classCount: number,
): number {
  const [from, to] = [int32s(builder, inputs), int32s(builder, outputs)];
  const options = encode({
    num_classes: classCount,
    use_regular_nms: false,
    nms_iou_threshold: 0.6,
  });
  const bytes = builder.createByteVector(new Uint8Array(options));
  return table(builder, [{}, { offset: from }, { offset: to }, {}, {}, { offset: bytes }]);
}

/** A model with files appended as an archive, as TensorFlow Lite's metadata tools do it. */
export function withFiles(bytes: Uint8Array, files: ModelWish['files']): Uint8Array<ArrayBuffer> {
  if (!files) return new Uint8Array(bytes);
  const texts = Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]);
  const archive = zipSync(Object.fromEntries(texts) as Record<string, Uint8Array>);
  moveOffsets(archive, bytes.length);
  const whole = new Uint8Array(bytes.length + archive.length);
  whole.set(bytes);
  whole.set(archive, bytes.length);
  return whole;
}

/** An archive counts its offsets from the start of the file that it is appended to. */
function moveOffsets(archive: Uint8Array, byBytes: number): void {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.length - 22;
  const move = (at: number): void => view.setUint32(at, view.getUint32(at, true) + byBytes, true);
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    move(entry + 42);
    const lengths = [28, 30, 32].map((at) => view.getUint16(entry + at, true));
    entry += lengths.reduce((sum, length) => sum + length, 46);
  }
  move(end + 16);
}
