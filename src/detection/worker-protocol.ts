import type { Detection, StageTimings } from '../domain/detection.js';
import type { DetectorModel, ModelRef } from '../domain/detector-model.js';
import type { EngineChoice, LoadReport } from '../domain/engine.js';
import type { Frame } from '../domain/frame.js';
import type { ModelErrorCode } from '../errors.js';

/** From the main thread to the inference worker. Each gets exactly one answer with its id. */
export type WorkerRequest =
  /** Load a candidate beside the active model and try it on `trial`. Transfers both buffers. */
  | {
      readonly kind: 'load';
      readonly requestId: number;
      readonly model: DetectorModel;
      readonly modelBytes: ArrayBuffer;
      readonly engine: EngineChoice;
      readonly trial: Frame | null;
    }
  /** Make the candidate the active model. */
  | { readonly kind: 'activate'; readonly requestId: number }
  /** Run the active model. Transfers the frame's buffer, which the answer brings back. */
  | {
      readonly kind: 'detect';
      readonly requestId: number;
      readonly frame: Frame;
      /** Detections below this score are left out. */
      readonly minScore: number;
    }
  /** Run the active model's bare inference, nothing before or after it. */
  | { readonly kind: 'benchmark'; readonly requestId: number; readonly runs: number }
  /** Finish and exit; the answer is the thread's end. */
  | { readonly kind: 'stop' };

/** Distributes over the union, which Omit alone does not. */
type WithoutId<T> = T extends { readonly requestId: number } ? Omit<T, 'requestId'> : never;

/** A request before it has its id. */
export type WorkerTask = WithoutId<WorkerRequest>;

/** An error on its way between threads: a subclass of Error would lose its name and fields. */
export interface ErrorMessage {
  /** Null for what is no fault of the model. */
  readonly code: ModelErrorCode | null;
  readonly message: string;
  readonly stack: string;
}

/** From the inference worker to the main thread. */
export type WorkerAnswer =
  | ({ readonly kind: 'loaded'; readonly requestId: number } & LoadReport)
  | { readonly kind: 'activated'; readonly requestId: number }
  | {
      readonly kind: 'detected';
      readonly requestId: number;
      readonly model: ModelRef;
      readonly timings: Omit<StageTimings, 'queueMs'>;
      readonly detections: readonly Detection[];
      /** The frame's buffer, given back. */
      readonly frameData: Uint8Array<ArrayBuffer>;
    }
  | {
      readonly kind: 'benchmarked';
      readonly requestId: number;
      /** Duration of each run. */
      readonly inferenceMs: Float64Array;
    }
  | {
      readonly kind: 'failed';
      readonly requestId: number;
      readonly error: ErrorMessage;
      /** The frame's buffer, given back; null when the request carried none. */
      readonly frameData: Uint8Array<ArrayBuffer> | null;
    };
