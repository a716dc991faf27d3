import type { DetectorModel } from '../domain/detector-model.js';
import { FramePool } from '../domain/frame-pool.js';
import { ModelError } from '../errors.js';
import { describeDetector, describeFile } from '../models/detector-model.js';
import type { TensorInfo } from '../models/model-file.js';
import { readLabels } from '../models/read-labels.js';
import { readModel } from '../models/read-model.js';
import type { ModelPlan, ModelPlanner } from '../tuning/model-planner.js';
import { startDetector } from './wiring.js';

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
  /** How it is run here, and what that was chosen from; null when it is not usable. */
  readonly engine: ModelPlan['basis'] | null;
}

export interface InspectionJob {
  readonly file: string;
  /** Label file instead of the labels inside the model; null keeps those. */
  readonly labels: string | null;
  readonly planner: ModelPlanner;
  /** Whether to measure engines even where the best is known. */
  readonly measure: boolean;
}

/**
 * Describes a model and tries it out in the engine. There can be one such trial in a process.
 * @throws ModelError when the file cannot be read as a model at all.
 */
export async function inspectModel(
  { file, labels, planner, measure }: InspectionJob,
  signal: AbortSignal,
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
    const read = { model, bytes: bytes.bytes };
    const plan = await (measure
      ? planner.measure(read, [], signal)
      : planner.plan(read, async () => [], signal));
    await tryOut(model, plan);
    const { outputLayout, labels: names } = model;
    const { basis: engine } = plan;
    return {
      ...common,
      usable: true,
      reason: null,
      layout: outputLayout.kind,
      labels: names,
      engine,
    };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const { message: reason } = error;
    return { ...common, usable: false, reason, layout: null, labels: [], engine: null };
  }
}

async function tryOut(model: DetectorModel, { bytes, engine }: ModelPlan): Promise<void> {
  await using detector = startDetector(() => 0, new FramePool());
  await detector.load(model, bytes, engine);
}
