/*
 * The JSON payloads of the MQTT contract. Types only: consumers' schemas come from here, so every
 * shape is plain and complete. Names are snake_case as on the wire; times are RFC 3339 in UTC with
 * `Z` and milliseconds.
 */

/** Major version of every payload. Fields may be added within it; consumers ignore unknown ones. */
export const PAYLOAD_VERSION = 1;

/** A model as messages name it; `sha256_12` is the first 12 hexadecimal digits. */
export interface ModelPayload {
  readonly name: string;
  readonly sha256_12: string;
}

/** Topic `info`: what this process is and runs. */
export interface InfoPayload {
  readonly v: typeof PAYLOAD_VERSION;
  readonly version: string;
  readonly boot_id: string;
  readonly started_at: string;
  readonly host: string;
  readonly cameras: readonly { readonly id: string; readonly source: string }[];
  readonly labels: readonly string[];
  readonly model: ModelPayload | null;
  readonly engine: EnginePayload;
  readonly config_hash: string;
  /** MQTT version of this connection: 4 is MQTT 3.1.1, 5 is MQTT 5. */
  readonly protocol: 4 | 5;
}

/** How the model is run, and what one inference takes by the measurement that chose it. */
export interface EnginePayload {
  readonly name: 'litert' | 'tfjs';
  /** Kind of LiteRT's kernels; null for the other engine. */
  readonly kernels: 'xnnpack' | 'builtin' | null;
  /** `rewritten`: to arithmetic that is faster to compute. */
  readonly form: 'original' | 'rewritten';
  readonly threads: number;
  readonly inference_ms: number;
  /** Processor time of all threads. */
  readonly cpu_ms: number;
}

/** Topic `model/state`: where the model life cycle stands. */
export interface ModelStatePayload {
  readonly v: typeof PAYLOAD_VERSION;
  readonly phase: string;
  readonly active: ModelPayload | null;
  readonly previous: ModelPayload | null;
  readonly candidate: { readonly file: string } | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly since: string;
}

/** A rectangle by its top left corner and size. */
export interface BoxPayload {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The followed object of an event. Positions and velocity are in fractions of the frame. */
export interface ObjectPayload {
  readonly track_id: string;
  readonly label: string;
  readonly class_id: number;
  /** Scores are 0..1: of the last detection, and over the life of the track. */
  readonly score: number;
  readonly score_median: number;
  readonly score_top: number;
  readonly stationary: boolean;
  readonly start: string;
  /** Null until the phase is `end`. */
  readonly end: string | null;
  readonly duration_s: number;
  /** Per second. */
  readonly velocity: { readonly x: number; readonly y: number };
  /** Centres of the box over the whole life, at most 32; only with the phase `end`. */
  readonly path?: readonly { readonly x: number; readonly y: number }[];
}

/** Topics `cam/{c}/event/{l}/{phase}`: one step in the life of an object. */
export interface EventPayload {
  readonly v: typeof PAYLOAD_VERSION;
  /** ULID of this message; the key to drop repetitions by. */
  readonly id: string;
  /** Counts the events of one boot from 1; a gap means loss. */
  readonly seq: number;
  readonly boot_id: string;
  readonly node: string;
  readonly camera: string;
  readonly phase: 'start' | 'update' | 'end';
  readonly changed: readonly string[];
  readonly replayed: boolean;
  /** How long the event waited for the broker. */
  readonly queued_ms: number;
  readonly object: ObjectPayload;
  /** Clipped to the frame, 0..1. */
  readonly box: BoxPayload;
  /** The same in whole pixels of `frame`. */
  readonly box_px: BoxPayload;
  readonly frame: { readonly w: number; readonly h: number };
  readonly time: {
    readonly capture: string;
    /** Nanoseconds on a clock that never jumps; a string, since they exceed safe integers. */
    readonly capture_mono_ns: string;
    readonly source: 'sensor' | 'read';
    readonly published: string;
  };
  readonly latency_ms: {
    readonly queue: number;
    readonly preprocess: number;
    readonly inference: number;
    readonly postprocess: number;
    /** The sum of the above. */
    readonly total: number;
  };
  readonly model: ModelPayload;
  readonly image: { readonly topic: string; readonly seq: number } | null;
}
