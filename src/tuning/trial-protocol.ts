import type { TensorData } from '../detection/interpreter.js';
import type { EngineChoice } from '../domain/engine.js';

/** What a trial process is told, once. */
export interface TrialRequest {
  readonly engine: EngineChoice;
  /** The model that is tried, or the one that is first to be rewritten. */
  readonly modelBytes: Uint8Array<ArrayBuffer>;
  readonly rewrite: boolean;
  /** Contents of the model's input tensor, one for each picture; at least one. */
  readonly inputs: readonly Uint8Array[];
  /** How long to go on timing. */
  readonly budgetMs: number;
  /** What the process may take beside what it has when it starts. */
  readonly memoryBytes: number;
}

/** What a model answered to one picture: the data of its output tensors. */
export type TrialOutputs = readonly TensorData[];

/** What a trial process answers, once. */
export type TrialAnswer =
  | {
      readonly kind: 'measured';
      /** Lower quartile of one inference, and mean processor time of all threads. */
      readonly inferenceMs: number;
      readonly cpuMs: number;
      readonly outputs: readonly TrialOutputs[];
      /** The rewritten model; null where none was asked for. */
      readonly rewritten: Uint8Array<ArrayBuffer> | null;
    }
  /** The model has nothing that a rewrite could speed up. */
  | { readonly kind: 'nothing-to-rewrite' }
  | { readonly kind: 'refused'; readonly reason: string };
