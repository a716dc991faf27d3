import type { FlatTable } from '../flat-table.js';
import type { OptionsTable } from './tflite-schema.js';

/** real = scale · (stored − zeroPoint), per tensor or per slice along `dimension`. */
export interface Quantisation {
  readonly scales: readonly number[];
  /** As many as there are scales. */
  readonly zeroPoints: readonly number[];
  readonly dimension: number;
}

export interface GraphTensor {
  /** The file's table of this tensor, or of the one that an added tensor is made after. */
  readonly source: FlatTable;
  readonly name: string;
  readonly shape: readonly number[];
  /** Code of the schema. */
  readonly type: number;
  /** Index of the buffer with the values; an empty or missing one for what is computed. */
  readonly buffer: number;
  readonly quantisation: Quantisation | null;
  /** Neither a variable nor sparse nor kept outside the file. */
  readonly isPlain: boolean;
}

export interface OperatorCode {
  readonly source: FlatTable | null;
  readonly builtin: number;
  /** Built-in name such as `CONV_2D`, or a custom operator's own. */
  readonly name: string;
  readonly version: number;
}

/** Options of an operator that is changed or added. */
export interface NewOptions {
  readonly table: OptionsTable;
  /** Values by field; what the source's options have besides stays. */
  readonly fields: Readonly<Record<number, number>>;
}

export interface GraphOperator {
  readonly source: FlatTable | null;
  /** Index of the operator code. */
  readonly code: number;
  /** Indices of tensors; −1 for an optional one that is absent. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Of an operator that is added and has a name of its own. */
  readonly customOptions?: Uint8Array;
  /** Options that are not the source's. */
  readonly options?: NewOptions;
}

/** Values of constant tensors. */
export interface GraphBuffer {
  readonly source: FlatTable | null;
  readonly data: Uint8Array;
}

/**
 * The main graph of a model, as values: an edited graph is a copy in which what was not touched is
 * still the same object. Indices of tensors and operator codes lead somewhere.
 */
export interface Graph {
  readonly model: FlatTable;
  /** The file's table of the main graph. */
  readonly source: FlatTable;
  /** Tables of the other graphs, which use the same operator codes and buffers. */
  readonly others: readonly FlatTable[];
  readonly codes: readonly OperatorCode[];
  readonly buffers: readonly GraphBuffer[];
  readonly tensors: readonly GraphTensor[];
  readonly operators: readonly GraphOperator[];
  /** Indices of tensors. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** What an operator does: its built-in name such as `CONV_2D`, or a custom one's own. */
export function operatorName({ codes }: Graph, { code }: GraphOperator): string {
  return codes[code]?.name ?? '';
}

/** How many elements a tensor of this shape has. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether the file holds the values of a tensor of one byte each, all of them. */
export function hasBytes({ buffers }: Graph, { shape, buffer }: GraphTensor): boolean {
  const elements = elementsOf(shape);
  return elements > 0 && buffers[buffer]?.data.length === elements;
}
