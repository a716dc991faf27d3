import { FlatTable } from './flat-table.js';

/** What the standard metadata of a TensorFlow Lite model says that a detector needs. */
export interface ModelMetadata {
  /** real = (pixel − mean) / std, as the input's NormalizationOptions give it; null where absent. */
  readonly normalisation: { readonly mean: number; readonly std: number } | null;
  /** Name of the embedded label file; null where the metadata names none. */
  readonly labelFile: string | null;
}

const NORMALISATION_OPTIONS = 1;
const LABEL_FILE_TYPES = [2, 3]; // TENSOR_AXIS_LABELS, TENSOR_VALUE_LABELS

/**
 * Reads the buffer `TFLITE_METADATA` (schema: metadata_schema.fbs of TensorFlow Lite Support).
 * @throws RangeError when offsets lead out of the buffer.
 */
export function parseModelMetadata(bytes: Uint8Array): ModelMetadata {
  const graph = FlatTable.root(bytes).tables(3)[0];
  const input = graph?.tables(2)[0];
  const outputs = graph?.tables(3) ?? [];
  const files = [...outputs.flatMap((output) => output.tables(6)), ...(graph?.tables(4) ?? [])];
  const labels = files.find((file) => LABEL_FILE_TYPES.includes(file.int8(2)));
  return {
    normalisation: input ? normalisationOf(input) : null,
    labelFile: labels?.text(0) ?? null,
  };
}

function normalisationOf(input: FlatTable): ModelMetadata['normalisation'] {
  for (const unit of input.tables(4)) {
    if (unit.uint8(0) !== NORMALISATION_OPTIONS) continue;
    const options = unit.table(1);
    const mean = options?.float32s(0)[0];
    const std = options?.float32s(1)[0];
    if (mean !== undefined && std !== undefined && std > 0) return { mean, std };
  }
  return null;
}
