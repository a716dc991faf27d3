import type { Graph, GraphBuffer, GraphOperator, GraphTensor, OperatorCode } from './graph.js';
import { BUFFER } from './tflite-schema.js';

/** A copy of a graph that is being changed; operators are given anew, in order. */
export class GraphEdit {
  readonly #graph: Graph;
  readonly #codes: OperatorCode[];
  readonly #buffers: GraphBuffer[];
  readonly #tensors: GraphTensor[];
  readonly #operators: GraphOperator[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#codes = [...graph.codes];
    this.#buffers = [...graph.buffers];
    this.#tensors = [...graph.tensors];
  }

  /** @throws RangeError when there is none of this index. */
  tensor(index: number): GraphTensor {
    const tensor = this.#tensors[index];
    if (!tensor) throw new RangeError(`tensor ${index} does not exist`);
    return tensor;
  }

  replaceTensor(index: number, tensor: GraphTensor): void {
    this.#tensors[index] = tensor;
  }

  addTensor(tensor: GraphTensor): number {
    return this.#tensors.push(tensor) - 1;
  }

  /** Replaces what a buffer holds. */
  replaceData(buffer: number, data: Uint8Array): void {
    this.#buffers[buffer] = { source: this.#buffers[buffer]?.source ?? null, data };
  }

  addBuffer(data: Uint8Array): number {
    return this.#buffers.push({ source: null, data }) - 1;
  }

  /** The buffer of tensors that are computed; by convention the first one. */
  emptyBuffer(): number {
    // One whose vector is left out: LiteRT refuses a computed tensor whose vector is just empty.
    const known = this.#buffers.findIndex(({ source }) => source && !source.has(BUFFER.data));
    return known < 0 ? this.addBuffer(new Uint8Array(0)) : known;
  }

  /** Makes sure that the operator code is of at least this version; higher ones keep what was. */
  raiseVersion(code: number, version: number): void {
    const known = this.#codes[code];
    if (known && known.version < version) this.#codes[code] = { ...known, version };
  }

  /** The code of an operator, which is added where the file does not have it. */
  codeOf(operator: Omit<OperatorCode, 'source'>): number {
    const known = this.#codes.findIndex(
      ({ builtin, name }) => builtin === operator.builtin && name === operator.name,
    );
    if (known < 0) return this.#codes.push({ source: null, ...operator }) - 1;
    this.raiseVersion(known, operator.version);
    return known;
  }

  addOperator(operator: GraphOperator): void {
    this.#operators.push(operator);
  }

  finish(): Graph {
    return {
      ...this.#graph,
      codes: this.#codes,
      buffers: this.#buffers,
      tensors: this.#tensors,
      operators: this.#operators,
    };
  }
}
