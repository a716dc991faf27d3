/** Names a model for people and for records. */
export interface ModelRef {
  /** `name@` and the first 12 digits of the SHA-256: unique, and short enough to read. */
  readonly id: string;
  /** File name without its ending. */
  readonly name: string;
  /** SHA-256 of the file, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Element type of a tensor that Lookout reads or writes, under TensorFlow's names. */
export type TensorDtype = 'uint8' | 'int8' | 'float32';

/** How a picture of another aspect ratio meets the model's input. */
export type Fit = 'stretch' | 'letterbox';

/** The input tensor of a detector: one picture, NHWC, three channels RGB. */
export interface ModelInput {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dtype: TensorDtype;
  /** Quantisation: real value = scale · (stored value − zeroPoint). 1 and 0 for float32. */
  readonly scale: number;
  readonly zeroPoint: number;
  /** Normalisation the model was trained with: real value = (pixel − mean) / std. Null: unknown. */
  readonly normalisation: { readonly mean: number; readonly std: number } | null;
}

/**
 * How the output tensors are to be read: for the operator TFLite_Detection_PostProcess, which of
 * the graph's outputs carries what (graphs list them in any order).
 */
export interface PostProcessLayout {
  readonly kind: 'postprocess';
  readonly boxesIndex: number;
  readonly classesIndex: number;
  readonly scoresIndex: number;
  readonly countIndex: number;
}

export type OutputLayout = PostProcessLayout;

/** A detector as the pipeline knows it: all that the worker needs besides the file's bytes. */
export interface DetectorModel extends ModelRef {
  readonly input: ModelInput;
  readonly outputLayout: OutputLayout;
  /** Label of each class, by class id; null where the label file has a gap. */
  readonly labels: readonly (string | null)[];
  readonly fit: Fit;
}

/** Label of a class; one that the labels do not name is called `class-N`. */
export function labelOf(labels: readonly (string | null)[], classId: number): string {
  return labels[classId] ?? `class-${classId}`;
}
