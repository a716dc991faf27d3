import { elementsOf, type Graph, type GraphTensor, type Quantisation } from './graph.js';
import type { GraphEdit } from './graph-edit.js';
import { readQuantisation } from './read-graph.js';
import type { TensorRoles } from './tensor-roles.js';
import { TYPE } from './tflite-schema.js';

/** Built-in operators that convert, by their code in the schema. */
const QUANTIZE = { builtin: 114, name: 'QUANTIZE', version: 1 };
const DEQUANTIZE = { builtin: 6, name: 'DEQUANTIZE', version: 2 };
/** Int8 values and zero points are the uint8 ones less this. */
const SHIFT = 128;

/**
 * Makes the other forms of a graph's uint8 tensors, each once, and the operators that convert at
 * run time between those that are computed.
 */
export class TensorForms {
  readonly #graph: Graph;
  readonly #roles: TensorRoles;
  readonly #edit: GraphEdit;
  readonly #int8 = new Map<number, number>();
  readonly #others = new Map<string, number>();
  #conversions = 0;
  #bytesLeft: number;

  /** @param maxBytes how much constant data may be converted: a file can share it any number of times. */
  constructor(graph: Graph, roles: TensorRoles, edit: GraphEdit, maxBytes: number) {
    this.#graph = graph;
    this.#roles = roles;
    this.#edit = edit;
    this.#bytesLeft = maxBytes;
  }

  /** Operators added so far. */
  get conversions(): number {
    return this.#conversions;
  }

  /** A tensor as the file has it. */
  original(index: number): GraphTensor {
    const tensor = this.#graph.tensors[index];
    if (!tensor) throw new RangeError(`tensor ${index} does not exist`);
    return tensor;
  }

  /** A constant's bytes as the file has them; empty for what is computed. */
  originalData({ buffer }: GraphTensor): Uint8Array {
    return this.#graph.buffers[buffer]?.data ?? new Uint8Array(0);
  }

  /** The int8 form of a tensor, without a conversion; the tensor itself where it is not uint8. */
  int8(index: number): number {
    const known = this.#int8.get(index);
    if (known !== undefined) return known;
    const tensor = index < 0 ? null : this.original(index);
    if (tensor?.type !== TYPE.uint8) return index;
    const { scales = [], zeroPoints = [] } = tensor.quantisation ?? {};
    const quantisation = { scales, zeroPoints: zeroPoints.map((z) => z - SHIFT), dimension: 0 };
    const made = this.#place(index, { ...tensor, type: TYPE.int8, quantisation }, (bytes) =>
      bytes.map((byte) => byte - SHIFT),
    );
    this.#int8.set(index, made);
    return made;
  }

  /** The float32 form of a uint8 tensor that is there by now. */
  float(index: number): number {
    const tensor = index < 0 ? null : this.original(index);
    if (tensor?.type !== TYPE.uint8) return index;
    return this.#once(`${index} float`, () => {
      const made = { ...tensor, type: TYPE.float32, quantisation: null };
      if (this.originalData(tensor).length > 0) {
        return this.placeConstant(index, made, floats(tensor, this.originalData(tensor)));
      }
      const to = this.#addComputed(made, '/float');
      this.#convert(DEQUANTIZE, this.#int8.get(index) ?? index, to);
      return to;
    });
  }

  /** The float32 form of constant int8 weights. */
  floatWeights(index: number): number {
    return this.#once(`${index} float weights`, () => {
      const tensor = this.original(index);
      const made = { ...tensor, type: TYPE.float32, quantisation: null };
      return this.placeConstant(index, made, dequantised(tensor, this.originalData(tensor)));
    });
  }

  // Both conversions go by way of float32. That is exact: s·(q − z) divided by s is so close to a
  // whole number that it rounds to q − z again. One QUANTIZE would do the same, but XNNPACK takes
  // none between uint8 and int8: a plain kernel on one thread would be left with it, which for a
  // detector's input is 4 to 15 percent of the whole inference.

  /** Converts a uint8 tensor that has just been computed where it is needed as int8. */
  offerInt8(index: number): void {
    const isWanted = this.#roles.isNeededAsInt8(index) && this.original(index).type === TYPE.uint8;
    if (!isWanted) return;
    // Before the int8 form has a place: from then on float values are made from that.
    const real = this.float(index);
    this.#convert(QUANTIZE, real, this.int8(index));
  }

  /** Converts an int8 form that has just been computed where it is needed as it was. */
  offerOriginal(index: number): void {
    const isMade = this.int8(index) !== index;
    if (!isMade || !this.#roles.isNeededAsItIs(index)) return;
    this.#convert(QUANTIZE, this.float(index), index);
  }

  /** Computes a uint8 tensor from an int8 one of the same real values, or the other way round. */
  shift(from: number, to: number): void {
    const real = { ...this.original(from), type: TYPE.float32, quantisation: null };
    const between = this.#addComputed(real, '/float');
    this.#convert(DEQUANTIZE, from, between);
    this.#convert(QUANTIZE, between, to);
  }

  /** An int8 tensor of the same values in the quantisation of `like`. */
  withScaleOf(index: number, like: number): number {
    const { quantisation } = this.#edit.tensor(like);
    const tensor = this.#edit.tensor(index);
    if (!quantisation || isSameScale(tensor.quantisation, quantisation)) return index;
    return this.#once(`${index} ${quantisation.scales[0]} ${quantisation.zeroPoints[0]}`, () => {
      const made = this.#addComputed({ ...tensor, quantisation }, '/rescaled');
      this.#convert(QUANTIZE, index, made);
      return made;
    });
  }

  /**
   * Puts a constant's new form where the old one is, or beside it where that is needed as well.
   * @throws RangeError when more has been converted than the file can need.
   */
  placeConstant(index: number, tensor: GraphTensor, data: Uint8Array): number {
    this.#bytesLeft -= data.length;
    if (this.#bytesLeft < 0) throw new RangeError('its layers share more weights than it has');
    if (this.#roles.isChangeable(index)) {
      this.#edit.replaceData(tensor.buffer, data);
      this.#edit.replaceTensor(index, tensor);
      return index;
    }
    const buffer = this.#edit.addBuffer(data);
    return this.#edit.addTensor({ ...tensor, name: `${tensor.name}/rewritten`, buffer });
  }

  #place(index: number, tensor: GraphTensor, convert: (bytes: Uint8Array) => Uint8Array): number {
    const data = this.originalData(tensor);
    if (data.length > 0) return this.placeConstant(index, tensor, convert(data));
    if (this.#roles.isNeededAsItIs(index)) return this.#addComputed(tensor, '/int8');
    this.#edit.replaceTensor(index, tensor);
    return index;
  }

  #addComputed(tensor: GraphTensor, suffix: string): number {
    const buffer = this.#edit.emptyBuffer();
    return this.#edit.addTensor({ ...tensor, name: `${tensor.name}${suffix}`, buffer });
  }

  #convert(operator: typeof QUANTIZE, from: number, to: number): void {
    const code = this.#edit.codeOf(operator);
    this.#edit.addOperator({ source: null, code, inputs: [from], outputs: [to] });
    this.#conversions += 1;
  }

  #once(key: string, make: () => number): number {
    const known = this.#others.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#others.set(key, made);
    return made;
  }
}

function isSameScale(one: Quantisation | null, other: Quantisation): boolean {
  return one?.scales[0] === other.scales[0] && one?.zeroPoints[0] === other.zeroPoints[0];
}

function floats({ quantisation }: GraphTensor, stored: Uint8Array): Uint8Array {
  const [scale = 0] = quantisation?.scales ?? [];
  const [zeroPoint = 0] = quantisation?.zeroPoints ?? [];
  const values = Float32Array.from(stored, (value) => scale * (value - zeroPoint));
  return new Uint8Array(values.buffer);
}

/** Int8 weights with zero point 0, one scale for all or one for each slice of a dimension. */
function dequantised({ source, shape }: GraphTensor, stored: Uint8Array): Uint8Array {
  const { scales = [], dimension = 0 } = readQuantisation(source) ?? {};
  const perSlice = elementsOf(shape.slice(dimension + 1));
  const values = new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i++) {
    const slice = Math.floor(i / perSlice) % scales.length;
    values[i] = (scales[slice] ?? 0) * (((stored[i] ?? 0) << 24) >> 24);
  }
  return new Uint8Array(values.buffer);
}
