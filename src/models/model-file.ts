import { FlatTable } from './flat-table.js';
import { builtinOperatorName, CUSTOM_OPERATOR_CODE } from './operator-names.js';

/** A tensor as the file declares it. */
export interface TensorInfo {
  readonly name: string;
  /** Empty or with −1 where the file leaves sizes to the runtime. */
  readonly shape: readonly number[];
  /** TensorFlow's lower-case name, such as `uint8`. */
  readonly dtype: string;
  /** Per-tensor quantisation: real = scale · (stored − zeroPoint); null where not quantised. */
  readonly scale: number | null;
  readonly zeroPoint: number | null;
}

/** One operator of the graph. */
export interface OperatorInfo {
  /** Built-in name such as `CONV_2D`, or a custom operator's own name. */
  readonly name: string;
  readonly custom: boolean;
  /** Indices into the graph's tensors; −1 for an optional one that is absent. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** A custom operator's options in its own encoding; empty for built-in ones. */
  readonly customOptions: Uint8Array;
}

/** What a TensorFlow Lite file says of itself; weights are not read. */
export interface ModelFile {
  readonly description: string;
  /** Tensors of the main graph that go in and come out, in the graph's order. */
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** The outputs' places among the graph's tensors, in the same order. */
  readonly outputTensors: readonly number[];
  readonly operators: readonly OperatorInfo[];
  /** Contents of the metadata entry `TFLITE_METADATA`; null where there is none. */
  readonly metadata: Uint8Array | null;
}

const DTYPES = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'string',
  'bool',
  'int16',
  'complex64',
  'int8',
  'float64',
  'complex128',
  'uint64',
  'resource',
  'variant',
  'uint32',
  'uint16',
  'int4',
];

/** Whether the bytes carry the file identifier of a TensorFlow Lite model. */
export function hasModelIdentifier(bytes: Uint8Array): boolean {
  return bytes.byteLength >= 8 && new TextDecoder().decode(bytes.subarray(4, 8)) === 'TFL3';
}

/**
 * Reads a TensorFlow Lite model (schema version 3). The result refers to `bytes`.
 * @throws RangeError when offsets lead out of the file or the main graph is missing.
 */
export function parseModelFile(bytes: Uint8Array): ModelFile {
  const model = FlatTable.root(bytes);
  const operatorCodes = model.tables(1);
  const graph = model.tables(2)[0];
  if (!graph) throw new RangeError('the file holds no graph');
  const tensors = graph.tables(0);
  const outputTensors = graph.int32s(2);
  const tensorAt = (index: number): TensorInfo => describeTensor(at(tensors, index, 'tensor'));
  return {
    description: model.text(3),
    inputs: graph.int32s(1).map(tensorAt),
    outputs: outputTensors.map(tensorAt),
    outputTensors,
    operators: graph.tables(3).map((operator) => describeOperator(operator, operatorCodes)),
    metadata: findMetadata(model),
  };
}

function describeTensor(tensor: FlatTable): TensorInfo {
  const quantisation = tensor.table(4);
  const typeCode = tensor.int8(1);
  return {
    name: tensor.text(3),
    shape: tensor.int32s(0),
    dtype: DTYPES[typeCode] ?? `type ${typeCode}`,
    scale: quantisation?.float32s(2)[0] ?? null,
    zeroPoint: quantisation?.int64s(3)[0] ?? null,
  };
}

function describeOperator(operator: FlatTable, codes: readonly FlatTable[]): OperatorInfo {
  const code = at(codes, operator.uint32(0), 'operator code');
  // The first schema had one byte for the code; the wider field replaces it where it is larger.
  const builtin = Math.max(code.int8(0), code.int32(3));
  const custom = builtin === CUSTOM_OPERATOR_CODE;
  return {
    name: custom ? code.text(1) : builtinOperatorName(builtin),
    custom,
    inputs: operator.int32s(1),
    outputs: operator.int32s(2),
    customOptions: custom ? operator.bytes(5) : new Uint8Array(0),
  };
}

function findMetadata(model: FlatTable): Uint8Array | null {
  const entry = model.tables(6).find((metadata) => metadata.text(0) === 'TFLITE_METADATA');
  if (!entry) return null;
  return at(model.tables(4), entry.uint32(1), 'buffer').bytes(0);
}

function at<T>(list: readonly T[], index: number, what: string): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`${what} ${index} does not exist`);
  return item;
}
