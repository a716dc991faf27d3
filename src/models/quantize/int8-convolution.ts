import {
  type Graph,
  type GraphOperator,
  type GraphTensor,
  hasBytes,
  operatorName,
  type Quantisation,
} from './graph.js';
import { readQuantisation } from './read-graph.js';
import { CONV_OPTIONS, OPERATOR, PADDING, TYPE } from './tflite-schema.js';

/** Rows and columns of zeros around a picture. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** An int8 tensor of four dimensions with its scales. */
export interface Int8Tensor extends GraphTensor {
  readonly quantisation: Quantisation;
}

/** A CONV_2D on int8 with constant weights and without dilation. */
export interface Int8Convolution {
  readonly operator: GraphOperator;
  /** The PAD in front of it, where nothing else needs that: `padding` is its own. */
  readonly pad: GraphOperator | null;
  /** Index of the tensor that it works on, without padding. */
  readonly inputIndex: number;
  /** [pictures, rows, columns, channels]. */
  readonly input: Int8Tensor;
  /** [output channels, rows, columns, channels], with zero point 0. */
  readonly weights: Int8Tensor;
  readonly padding: Padding;
  readonly strideX: number;
  readonly outputWidth: number;
}

interface Strides {
  readonly x: number;
  readonly y: number;
}

/** Where a convolution's values come from. */
type Source = Pick<Int8Convolution, 'inputIndex' | 'input' | 'pad' | 'padding'>;

const NO_PADDING: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

/** Reads an operator as such a convolution; null where it is none. */
export function int8Convolution(graph: Graph, operator: GraphOperator): Int8Convolution | null {
  const options = operator.source?.table(OPERATOR.options);
  if (operatorName(graph, operator) !== 'CONV_2D' || !options) return null;
  if (options.int32(CONV_OPTIONS.dilationX, 1) !== 1) return null;
  if (options.int32(CONV_OPTIONS.dilationY, 1) !== 1) return null;
  const [inputIndex = -1, weightsIndex = -1] = operator.inputs;
  const input = int8Tensor(graph, inputIndex);
  const weights = int8Tensor(graph, weightsIndex);
  const output = int8Tensor(graph, operator.outputs[0] ?? -1);
  if (!input || !output || !weights || !areWeights(graph, weights)) return null;
  const strides = {
    x: options.int32(CONV_OPTIONS.strideX),
    y: options.int32(CONV_OPTIONS.strideY),
  };
  const isSame = options.int8(CONV_OPTIONS.padding) === PADDING.same;
  const padding = isSame ? samePadding(input, weights, output, strides) : NO_PADDING;
  const direct: Source = { inputIndex, input, pad: null, padding };
  const source = (isSame ? null : paddedSource(graph, inputIndex)) ?? direct;
  if (source.input.shape[3] !== weights.shape[3]) return null;
  return { operator, weights, ...source, strideX: strides.x, outputWidth: output.shape[2] ?? 0 };
}

function int8Tensor({ tensors }: Graph, index: number): Int8Tensor | null {
  const tensor = tensors[index];
  if (tensor?.type !== TYPE.int8 || !tensor.isPlain || tensor.shape.length !== 4) return null;
  const quantisation = readQuantisation(tensor.source);
  return quantisation && { ...tensor, quantisation };
}

function areWeights(graph: Graph, tensor: Int8Tensor): boolean {
  const { zeroPoints } = tensor.quantisation;
  return hasBytes(graph, tensor) && zeroPoints.every((zeroPoint) => zeroPoint === 0);
}

/** What TensorFlow's padding "same" stands for: half of it on each side, the odd one at the end. */
function samePadding(
  input: Int8Tensor,
  weights: Int8Tensor,
  output: Int8Tensor,
  { x, y }: Strides,
): Padding {
  const missing = (axis: 1 | 2, stride: number): number => {
    const [size = 0, kernel = 0, steps = 0] = [input, weights, output].map(
      ({ shape }) => shape[axis],
    );
    return Math.max(0, (steps - 1) * stride + kernel - size);
  };
  const [rows, columns] = [missing(1, y), missing(2, x)];
  const [top, left] = [rows >> 1, columns >> 1];
  return { top, bottom: rows - top, left, right: columns - left };
}

/** What a PAD pads that gives out this tensor, rows and columns only, to one operator only. */
function paddedSource(graph: Graph, index: number): Source | null {
  const { operators, tensors, buffers, outputs } = graph;
  const pad = operators.find((operator) => operator.outputs[0] === index);
  const users = operators.filter(({ inputs }) => inputs.includes(index)).length;
  if (!pad || operatorName(graph, pad) !== 'PAD') return null;
  if (users > 1 || outputs.includes(index)) return null;
  const [inputIndex = -1, amountsIndex = -1] = pad.inputs;
  const input = int8Tensor(graph, inputIndex);
  const amounts = tensors[amountsIndex];
  const stored = buffers[amounts?.buffer ?? -1]?.data;
  if (!input || amounts?.type !== TYPE.int32 || stored?.length !== 32) return null;
  // A copy, as the file need not have it where int32 may begin.
  const values = new Int32Array(stored.slice().buffer);
  const [n0, n1, top = 0, bottom = 0, left = 0, right = 0, c0, c1] = values;
  const isOfPicture = [n0, n1, c0, c1].every((amount) => amount === 0) && Math.min(...values) >= 0;
  const padding = { top, bottom, left, right };
  return isOfPicture ? { inputIndex, input, pad, padding } : null;
}
