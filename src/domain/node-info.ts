import type { ModelRef } from './detector-model.js';
import type { MeasuredSetup } from './engine.js';

/** A setting that a command has made. */
export interface MadeSetting {
  /** Of its commands, below the node, such as `cam/porch/set/detect`. */
  readonly topic: string;
  readonly value: string;
  /** What the configuration gives instead. */
  readonly instead: string;
}

/** What the configuration lets this process do for others. */
export interface Capabilities {
  /** Commands that are obeyed. */
  readonly commands: readonly string[];
  /** Whether pictures may leave the detector. */
  readonly images: boolean;
  /** Whether Home Assistant is told what there is. */
  readonly discovery: boolean;
  /** Whether there is a live page. */
  readonly livePage: boolean;
}

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
  /** What commands have set, where it differs from the configuration. */
  readonly settings: readonly MadeSetting[];
  readonly capabilities: Capabilities;
}
