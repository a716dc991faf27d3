import type { DetectorModel } from '../domain/detector-model.js';
import { FramePool } from '../domain/frame-pool.js';
import { ModelError } from '../errors.js';
import { describeDetector, describeFile } from '../models/detector-model.js';
import type { TensorInfo } from '../models/model-file.js';
import { readLabels } from '../models/read-labels.js';
import { readModel } from '../models/read-model.js';
import { type DetectorConfig, engineOf, startDetector } from './wiring.js';

/** What can be said of a model file. */
export interface ModelReport {
  readonly file: string;
  readonly sha256: string;
  /** Whether it was described, loaded and run on a grey picture. */
  readonly usable: boolean;
  /** Why not; null when it is usable. */
  readonly reason: string | null;
  /** Kind of its outputs; null when unknown. */
  readonly layout: string | null;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly labels: readonly (string | null)[];
  /** Names of the operators it uses, each once, in alphabetical order. */
  readonly operators: readonly string[];
}

/**
 * Describes a model and tries it out in the engine. There can be one such trial in a process.
 * @throws ModelError when the file cannot be read as a model at all.
 */
export async function inspectModel(
  file: string,
  labels: string | null,
  config: DetectorConfig,
): Promise<ModelReport> {
  const bytes = await readModel(file);
  const described = describeFile(bytes);
  const labelText = labels === null ? null : await readLabels(labels);
  const common = {
    file,
    sha256: bytes.sha256,
    inputs: described.inputs,
    outputs: described.outputs,
    operators: [...new Set(described.operators.map(({ name }) => name))].sort(),
  };
  try {
    const model = describeDetector(bytes, described, { labelText, fit: 'auto' });
    await tryOut(model, bytes.bytes, config);
    const { outputLayout, labels: names } = model;
    return { ...common, usable: true, reason: null, layout: outputLayout.kind, labels: names };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { ...common, usable: false, reason: error.message, layout: null, labels: [] };
  }
}

async function tryOut(
  model: DetectorModel,
  bytes: Uint8Array<ArrayBuffer>,
  config: DetectorConfig,
): Promise<void> {
  await using detector = startDetector(0, new FramePool());
  await detector.load(model, bytes, engineOf(config));
}
