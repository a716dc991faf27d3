import { FlatTable } from '../flat-table.js';
import { builtinOperatorName, CUSTOM_OPERATOR_CODE } from '../operator-names.js';
import type {
  Graph,
  GraphBuffer,
  GraphOperator,
  GraphTensor,
  OperatorCode,
  Quantisation,
} from './graph.js';
import {
  BUFFER,
  CODE,
  GRAPH,
  MODEL,
  OPERATOR,
  QUANTISATION,
  TENSOR,
  TYPE,
} from './tflite-schema.js';

/**
 * Reads the main graph of a TensorFlow Lite model, every offset and index checked. The result
 * refers to `bytes`; of weights nothing is read.
 * @throws RangeError in one line when the file contradicts itself or keeps its weights elsewhere.
 */
export function readGraph(bytes: Uint8Array): Graph {
  const model = FlatTable.root(bytes);
  const [source, ...others] = model.tables(MODEL.graphs);
  if (!source) throw new RangeError('the file holds no graph');
  const graph: Graph = {
    model,
    source,
    others,
    codes: model.tables(MODEL.codes).map(readCode),
    buffers: model.tables(MODEL.buffers).map(readBuffer),
    tensors: source.tables(GRAPH.tensors).map(readTensor),
    operators: source.tables(GRAPH.operators).map(readOperator),
    inputs: source.int32s(GRAPH.inputs),
    outputs: source.int32s(GRAPH.outputs),
  };
  checkIndices(graph);
  return graph;
}

function readCode(source: FlatTable): OperatorCode {
  // The first schema had one byte for the code; the wider field replaces it where it is larger.
  const builtin = Math.max(source.int8(CODE.oldBuiltin), source.int32(CODE.builtin));
  const isCustom = builtin === CUSTOM_OPERATOR_CODE;
  const name = isCustom ? source.text(CODE.customName) : builtinOperatorName(builtin);
  return { source, builtin, name, version: source.int32(CODE.version, 1) };
}

function readBuffer(source: FlatTable): GraphBuffer {
  // Offsets from the file's start: they would no longer hold when tables are put in front.
  if (source.int64(BUFFER.offset) > 1n) throw new RangeError('its weights lie behind the graph');
  return { source, data: source.bytes(BUFFER.data) };
}

function readTensor(source: FlatTable): GraphTensor {
  const type = source.int8(TENSOR.type);
  return {
    source,
    name: source.text(TENSOR.name),
    shape: source.int32s(TENSOR.shape),
    type,
    buffer: source.uint32(TENSOR.buffer),
    // Others are asked of few tensors, and those of a model that is int8 already are many.
    quantisation: type === TYPE.uint8 ? readQuantisation(source) : null,
    isPlain:
      source.uint8(TENSOR.isVariable) === 0 &&
      source.uint32(TENSOR.externalBuffer) === 0 &&
      !source.has(TENSOR.sparsity),
  };
}

/** How the values of a file's tensor are stored; null where they are not, or in no plain way. */
export function readQuantisation(tensor: FlatTable): Quantisation | null {
  const source = tensor.table(TENSOR.quantisation);
  if (!source || source.has(QUANTISATION.details)) return null;
  const scales = source.float32s(QUANTISATION.scale);
  const zeroPoints = source.int64s(QUANTISATION.zeroPoint);
  if (scales.length === 0 || scales.length !== zeroPoints.length) return null;
  return { scales, zeroPoints, dimension: source.int32(QUANTISATION.dimension) };
}

function readOperator(source: FlatTable): GraphOperator {
  if (source.int64(OPERATOR.largeOptionsOffset) > 1n) {
    throw new RangeError('options of an operator lie behind the graph');
  }
  return {
    source,
    code: source.uint32(OPERATOR.code),
    inputs: source.int32s(OPERATOR.inputs),
    outputs: source.int32s(OPERATOR.outputs),
  };
}

function checkIndices({ codes, tensors, operators, inputs, outputs }: Graph): void {
  const check = (what: string, index: number, count: number, first = 0): void => {
    if (index < first || index >= count) throw new RangeError(`${what} ${index} does not exist`);
  };
  const computed = new Set<number>();
  for (const index of [...inputs, ...outputs]) check('tensor', index, tensors.length);
  for (const operator of operators) {
    check('operator code', operator.code, codes.length);
    for (const index of operator.inputs) check('tensor', index, tensors.length, -1);
    for (const index of operator.outputs) {
      check('tensor', index, tensors.length);
      if (computed.has(index)) throw new RangeError(`tensor ${index} is computed twice`);
      computed.add(index);
    }
  }
}
