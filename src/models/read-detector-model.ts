import type { DetectorModel, Fit } from '../domain/detector-model.js';
import { describeDetector, describeFile } from './detector-model.js';
import { readLabels } from './read-labels.js';
import { readModel } from './read-model.js';

/** Which model is wanted, and how it is to be used. */
export interface ModelSource {
  readonly file: string;
  /** Label file; null takes the labels inside the model. */
  readonly labels: string | null;
  /** `auto` takes what suits the model's output layout. */
  readonly fit: Fit | 'auto';
}

/** A detector and the bytes of its file, which are the receiver's. */
export interface ReadDetectorModel {
  readonly model: DetectorModel;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a model file and its labels and tells how it is to be used; nothing is run.
 * @throws ModelError when it cannot be used as a detector.
 */
export async function readDetectorModel(source: ModelSource): Promise<ReadDetectorModel> {
  const file = await readModel(source.file);
  const labelText = source.labels === null ? null : await readLabels(source.labels);
  const model = describeDetector(file, describeFile(file), { labelText, fit: source.fit });
  return { model, bytes: file.bytes };
}
