import { Builder } from 'flatbuffers';
import { type Field, int32s, quantise, table, tables } from './flat-builder.js';

export const TYPE = { float32: 0, int32: 2, uint8: 3, int8: 9 } as const;

/** A tensor of the graph to make. */
export interface TensorWish {
  readonly shape: readonly number[];
  /** Code of the schema; uint8 unless given. */
  readonly type?: number;
  readonly scale?: number;
  /** Instead: one for each slice along `dimension`, which is 0 unless given. */
  readonly scales?: readonly number[];
  readonly dimension?: number;
  readonly zeroPoint?: number;
  /** Values of a constant. */
  readonly data?: Uint8Array | Int8Array | Int32Array | Float32Array;
  /** Share the buffer of this earlier tensor. */
  readonly bufferOf?: number;
  readonly isVariable?: boolean;
}

/** An operator of the graph to make. */
export interface OperatorWish {
  /** Code of the schema; 32 for a custom operator. */
  readonly builtin: number;
  /** Name of a custom operator. */
  readonly name?: string;
  readonly version?: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Code in the union BuiltinOptions, and the fields of that table. */
  readonly options?: { readonly type: number; readonly fields: readonly Field[] };
  readonly customOptions?: Uint8Array;
}

export interface GraphWish {
  readonly tensors: readonly TensorWish[];
  readonly operators: readonly OperatorWish[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Tensors of a second graph that does nothing. */
  readonly otherTensors?: readonly TensorWish[];
}

/** A TensorFlow Lite model that runs. Every operator gets a code of its own. */
export function tinyGraph(wish: GraphWish): Uint8Array<ArrayBuffer> {
  const builder = new Builder();
  const buffers = [table(builder, [])];
  const bufferOf: number[] = [];
  const write = (tensor: TensorWish): number => {
    const index =
      tensor.bufferOf === undefined
        ? addBuffer(builder, buffers, tensor)
        : bufferOf[tensor.bufferOf]!;
    bufferOf.push(index);
    return writeTensor(builder, tensor, { index, number: bufferOf.length - 1 });
  };
  const tensors = wish.tensors.map(write);
  const others = wish.otherTensors?.map(write);
  const operators = wish.operators.map((operator, code) => writeOperator(builder, operator, code));
  const codes = wish.operators.map(({ builtin, name, version = 1 }) => {
    const custom = name === undefined ? {} : { offset: builder.createString(name) };
    const builtinCode = { int8: Math.min(127, builtin) };
    return table(builder, [builtinCode, custom, { int32: version }, { int32: builtin }]);
  });
  const graph = table(builder, [
    { offset: tables(builder, tensors) },
    { offset: int32s(builder, wish.inputs) },
    { offset: int32s(builder, wish.outputs) },
    { offset: tables(builder, operators) },
  ]);
  const graphs = others ? [graph, table(builder, [{ offset: tables(builder, others) }])] : [graph];
  const model = table(builder, [
    { int32: 3 },
    { offset: tables(builder, codes) },
    { offset: tables(builder, graphs) },
    { offset: builder.createString('made by a test') },
    { offset: tables(builder, buffers) },
  ]);
  builder.finish(model, 'TFL3');
  return new Uint8Array(builder.asUint8Array());
}

function addBuffer(builder: Builder, buffers: number[], { data }: TensorWish): number {
  if (!data) return 0;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  builder.prep(16, bytes.length);
  return buffers.push(table(builder, [{ offset: builder.createByteVector(bytes) }])) - 1;
}

function writeTensor(
  builder: Builder,
  tensor: TensorWish,
  buffer: { readonly index: number; readonly number: number },
): number {
  const { shape, type = TYPE.uint8, scale, zeroPoint, dimension, isVariable } = tensor;
  const scales = tensor.scales ?? (scale === undefined ? [] : [scale]);
  const dimensions = int32s(builder, shape);
  const name = builder.createString(`t${buffer.number}`);
  const quantisation =
    scales.length === 0 ? {} : { offset: quantise(builder, scales, zeroPoint, dimension) };
  return table(builder, [
    { offset: dimensions },
    { int8: type },
    { int32: buffer.index },
    { offset: name },
    quantisation,
    isVariable ? { int8: 1 } : {},
  ]);
}

function writeOperator(builder: Builder, operator: OperatorWish, code: number): number {
  const { inputs, outputs, options, customOptions } = operator;
  const [from, to] = [int32s(builder, inputs), int32s(builder, outputs)];
  const table1 = options ? { offset: table(builder, options.fields) } : {};
  const custom = customOptions ? { offset: builder.createByteVector(customOptions) } : {};
  const type = options ? { int8: options.type } : {};
  return table(builder, [{ int32: code }, { offset: from }, { offset: to }, type, table1, custom]);
}
