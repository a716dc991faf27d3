/**
 * The part of the TensorFlow Lite schema (version 3, schema.fbs as of LiteRT 2.3) that a rewrite has
 * to name. Fields are named by their index; a layout gives the kind of every field of a table.
 */

/** How a field of a table is stored; `target` stands for a vector, a text or another table. */
export type FieldKind = 'target' | 'int8' | 'int32' | 'int64';

export const MODEL_LAYOUT: readonly FieldKind[] = [
  ...(['int32', 'target', 'target', 'target', 'target', 'target', 'target', 'target'] as const),
  ...(['target', 'target'] as const),
];
export const MODEL = { codes: 1, graphs: 2, buffers: 4 } as const;

export const CODE_LAYOUT: readonly FieldKind[] = ['int8', 'target', 'int32', 'int32'];
export const CODE = { oldBuiltin: 0, customName: 1, version: 2, builtin: 3 } as const;

export const GRAPH_LAYOUT: readonly FieldKind[] = [
  ...(['target', 'target', 'target', 'target', 'target', 'int32'] as const),
];
export const GRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const;

export const TENSOR_LAYOUT: readonly FieldKind[] = [
  ...(['target', 'int8', 'int32', 'target', 'target', 'int8'] as const),
  ...(['target', 'target', 'int8', 'target', 'int32'] as const),
];
export const TENSOR = {
  shape: 0,
  type: 1,
  buffer: 2,
  name: 3,
  quantisation: 4,
  isVariable: 5,
  sparsity: 6,
  shapeSignature: 7,
  externalBuffer: 10,
} as const;

export const QUANTISATION_LAYOUT: readonly FieldKind[] = [
  ...(['target', 'target', 'target', 'target', 'int8', 'target', 'int32'] as const),
];
export const QUANTISATION = { scale: 2, zeroPoint: 3, details: 5, dimension: 6 } as const;

export const OPERATOR_LAYOUT: readonly FieldKind[] = [
  ...(['int32', 'target', 'target', 'int8', 'target', 'target', 'int8', 'target'] as const),
  ...(['target', 'int64', 'int64', 'int8', 'target', 'int32'] as const),
];
export const OPERATOR = {
  code: 0,
  inputs: 1,
  outputs: 2,
  optionsCode: 3,
  options: 4,
  customOptions: 5,
  largeOptionsOffset: 9,
} as const;

/** A table of options: its code in the union BuiltinOptions, and its fields. */
export interface OptionsTable {
  readonly code: number;
  readonly layout: readonly FieldKind[];
}
export const CONV_TABLE: OptionsTable = {
  code: 1,
  layout: ['int8', 'int32', 'int32', 'int8', 'int32', 'int32', 'int8'],
};
export const CONV_OPTIONS = {
  padding: 0,
  strideX: 1,
  strideY: 2,
  dilationX: 4,
  dilationY: 5,
} as const;
export const CONCATENATION_TABLE: OptionsTable = { code: 10, layout: ['int32', 'int8'] };
export const CONCATENATION_OPTIONS = { axis: 0 } as const;
export const PACK_OPTIONS = { axis: 1 } as const;
/** Codes of paddings. */
export const PADDING = { same: 0, valid: 1 } as const;

export const BUFFER_LAYOUT: readonly FieldKind[] = ['target', 'int64', 'int64'];
export const BUFFER = { data: 0, offset: 1 } as const;

/** Codes of tensor types. */
export const TYPE = { float32: 0, int32: 2, uint8: 3, int8: 9 } as const;
