import type { ModelRef } from './detector-model.js';

/** Why a candidate was refused. */
export interface ModelStateError {
  /**
   * Stable word for programs: `unreadable`, `not-a-detector`, `unsupported`, `failed-on-frame`, or
   * `failed` for what is no fault of the model.
   */
  readonly code: string;
  /** One sentence for people. */
  readonly detail: string;
}

/**
 * Where the model life cycle stands. The active model serves in every phase but `idle`;
 * `rejected` says that a candidate failed and the active one went on.
 */
export interface ModelState {
  readonly phase: 'idle' | 'verifying' | 'warming' | 'switching' | 'active' | 'rejected';
  readonly active: ModelRef | null;
  readonly previous: ModelRef | null;
  /** File that is being tried, or was refused. */
  readonly candidate: { readonly file: string } | null;
  readonly error: ModelStateError | null;
  /** Unix time in ms of the last change of phase. */
  readonly sinceMs: number;
}
