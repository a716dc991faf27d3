import type { ModelRef } from './detector-model.js';
import type { MeasuredSetup } from './engine.js';

/** What this process is and runs, for the topic `info`. */
export interface NodeInfo {
  readonly version: string;
  /** UUID of this start of the daemon. */
  readonly bootId: string;
  /** Unix ms. */
  readonly startedAtMs: number;
  /** Machine, operating system and Node version, in words. */
  readonly host: string;
  readonly camera: {
    readonly id: string;
    readonly source: string;
    /** Ids of its zones. */
    readonly zones: readonly string[];
  };
  readonly labels: readonly string[];
  readonly model: ModelRef | null;
  readonly engine: MeasuredSetup;
  /** First 12 digits of the SHA-256 of the effective configuration without its secrets. */
  readonly configHash: string;
}
