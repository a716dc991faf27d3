import { type FoldedWindow, foldWeights, foldWindow } from './folded-window.js';
import { elementsOf, type Graph, type GraphOperator } from './graph.js';
import { GraphEdit } from './graph-edit.js';
import { type Int8Convolution, type Int8Tensor, int8Convolution } from './int8-convolution.js';
import { readGraph } from './read-graph.js';
import { CONV_OPTIONS, CONV_TABLE, PADDING, TYPE } from './tflite-schema.js';
import { writeGraph } from './write-graph.js';

const RESHAPE = { builtin: 22, name: 'RESHAPE', version: 1 };
const PAD = { builtin: 34, name: 'PAD', version: 2 };
/** Of all folded layers together: a detector's first one has 2 KB, a file can share it any number of times. */
const MAX_WEIGHT_BYTES = 1 << 20;

/**
 * Folds the columns of pictures with few channels into each other where a convolution steps over
 * them: for a detector's first layer, which takes every second column of three channels, two
 * columns become one of six.
 *
 * Kernels compute whole blocks of channels: of the eight that XNNPACK's int8 ones for x64 multiply
 * at once, three channels leave five empty, and six leave two. The sums are the same integers,
 * since what is added is multiplied by zero.
 * @param channelBlock how many channels a kernel multiplies at once, or pays for.
 * @returns null where nothing would become less.
 * @throws RangeError in one line when the file contradicts itself.
 */
export function foldColumns(
  bytes: Uint8Array<ArrayBuffer>,
  channelBlock: number,
): Uint8Array<ArrayBuffer> | null {
  const graph = readGraph(bytes);
  const edit = new GraphEdit(graph);
  const foldings = foldingsOf(graph, channelBlock);
  if (foldings.length === 0) return null;
  const pads = new Set(foldings.map(({ convolution }) => convolution.pad));
  for (const operator of graph.operators) {
    const folding = foldings.find(({ convolution }) => convolution.operator === operator);
    if (folding) addFolded(edit, graph, folding);
    else if (!pads.has(operator)) edit.addOperator(operator);
  }
  return writeGraph(bytes, graph, edit.finish());
}

interface Folding {
  readonly convolution: Int8Convolution;
  readonly folded: FoldedWindow;
}

function foldingsOf(graph: Graph, channelBlock: number): Folding[] {
  let bytesLeft = MAX_WEIGHT_BYTES;
  return graph.operators.flatMap((operator): Folding[] => {
    const convolution = int8Convolution(graph, operator);
    const folding = convolution && foldingOf(convolution, channelBlock);
    if (!folding) return [];
    bytesLeft -= elementsOf(foldedShape(folding));
    return bytesLeft < 0 ? [] : [folding];
  });
}

function foldingOf(convolution: Int8Convolution, channelBlock: number): Folding | null {
  const { input, weights, padding, strideX, outputWidth } = convolution;
  const [, , width = 0, channels = 0] = input.shape;
  const [, , kernelWidth = 0] = weights.shape;
  const paddingLeft = padding.left;
  const window = { width, channels, kernelWidth, stride: strideX, paddingLeft, outputWidth };
  const folded = foldWindow(window);
  const blocks = (count: number): number => Math.ceil(count / channelBlock);
  const isLess =
    folded && folded.kernelWidth * blocks(folded.channels) < kernelWidth * blocks(channels);
  return isLess ? { convolution, folded } : null;
}

function foldedShape({ convolution: { weights }, folded }: Folding): number[] {
  const [outputChannels = 0, rows = 0] = weights.shape;
  return [outputChannels, rows, folded.kernelWidth, folded.channels];
}

/** RESHAPE, a PAD where there is padding, and the layer: XNNPACK lets the layer pad by itself. */
function addFolded(edit: GraphEdit, graph: Graph, folding: Folding): void {
  const { operator } = folding.convolution;
  const folded = addReshape(edit, folding);
  const input = addPad(edit, folding, folded);
  const weights = addWeights(edit, graph, folding);
  const [, , ...bias] = operator.inputs;
  const fields = { [CONV_OPTIONS.padding]: PADDING.valid, [CONV_OPTIONS.strideX]: 1 };
  const options = { table: CONV_TABLE, fields };
  edit.addOperator({ ...operator, inputs: [input, weights, ...bias], options });
}

/** @returns the index of the picture with its columns folded. */
function addReshape(edit: GraphEdit, { convolution, folded }: Folding): number {
  const { inputIndex, input } = convolution;
  const [pictures = 0, height = 0] = input.shape;
  const shape = [pictures, height, folded.width, folded.channels];
  const wanted = addConstant(edit, input, [4], shape);
  const output = addComputed(edit, input, shape);
  edit.addOperator({ ...added(edit, RESHAPE), inputs: [inputIndex, wanted], outputs: [output] });
  return output;
}

/** @returns the index of the picture with zeros around it; of itself where there are none. */
function addPad(edit: GraphEdit, { convolution, folded }: Folding, from: number): number {
  const { input, padding } = convolution;
  const [pictures = 0, height = 0] = input.shape;
  const { top, bottom } = padding;
  const { width, channels, paddingLeft: left, paddingRight: right } = folded;
  if (Math.max(top, bottom, left, right) === 0) return from;
  const amounts = addConstant(edit, input, [4, 2], [0, 0, top, bottom, left, right, 0, 0]);
  const size = [top + height + bottom, left + width + right];
  const output = addComputed(edit, input, [pictures, ...size, channels]);
  edit.addOperator({ ...added(edit, PAD), inputs: [from, amounts], outputs: [output] });
  return output;
}

function addWeights(edit: GraphEdit, { buffers }: Graph, folding: Folding): number {
  const { weights } = folding.convolution;
  const [, , kernelWidth = 0, channels = 0] = weights.shape;
  const stored = buffers[weights.buffer]?.data ?? new Uint8Array(0);
  const laidOut = foldWeights(stored, { channels, kernelWidth }, folding.folded);
  const name = `${weights.name}/folded`;
  const buffer = edit.addBuffer(laidOut);
  return edit.addTensor({ ...weights, name, shape: foldedShape(folding), buffer });
}

function addConstant(
  edit: GraphEdit,
  like: Int8Tensor,
  shape: readonly number[],
  values: readonly number[],
): number {
  const buffer = edit.addBuffer(new Uint8Array(Int32Array.from(values).buffer));
  const name = `${like.name}/sizes`;
  return edit.addTensor({ ...like, name, shape, buffer, type: TYPE.int32, quantisation: null });
}

function addComputed(edit: GraphEdit, like: Int8Tensor, shape: readonly number[]): number {
  const buffer = edit.emptyBuffer();
  return edit.addTensor({ ...like, name: `${like.name}/folded`, shape, buffer });
}

function added(edit: GraphEdit, code: typeof RESHAPE): Pick<GraphOperator, 'source' | 'code'> {
  return { source: null, code: edit.codeOf(code) };
}
