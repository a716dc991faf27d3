import type { PythonPeer } from './python-peer.js';

/** The parts of the benchmark, in the order of the page. */
export const PARTS = ['inference', 'pipeline', 'job', 'publishing'] as const;
export type Part = (typeof PARTS)[number];

/** What is played of the video: so many times the whole, or its first seconds. */
export type Clip = { readonly passes: number } | { readonly seconds: number };

/** How much is measured. */
export interface Extent {
  /** Turns that everybody has in bare inference: many short ones, as what slows a machine comes and goes. */
  readonly inferenceRounds: number;
  /** Length of a turn of bare inference. */
  readonly turnMs: number;
  /** Turns that everybody has in the job at full speed. */
  readonly rounds: number;
  readonly pipelineFrames: number;
  /** Detected before those, while code is still compiled. */
  readonly warmUpFrames: number;
  readonly fastClip: Clip;
  readonly pacedClip: Clip;
  readonly pacedRounds: number;
  readonly publishingS: number;
}

/** What is measured, with what, and on what. */
export interface BenchPlan {
  readonly parts: readonly Part[];
  readonly extent: Extent;
  readonly models: readonly string[];
  /** The detector of the whole job. */
  readonly jobModel: string;
  readonly video: string;
  /** Numbers of threads for bare inference; all else runs on one. */
  readonly threads: readonly number[];
  /** LiteRT's shared library; null where there is none. */
  readonly libraryFile: string | null;
  readonly python: PythonPeer;
  /** For files of this run; removed at its end. */
  readonly folder: string;
  /** Tells how far it has come. */
  say(text: string): void;
}

/** What the page's figures come from: long enough to be repeated with the same outcome. */
export const FULL: Extent = {
  inferenceRounds: 15,
  turnMs: 200,
  rounds: 5,
  pipelineFrames: 3_000,
  warmUpFrames: 1_000,
  fastClip: { passes: 8 },
  pacedClip: { passes: 1 },
  pacedRounds: 3,
  publishingS: 60,
};

/** Shows that everything works; the figures are rough. */
export const QUICK: Extent = {
  inferenceRounds: 3,
  turnMs: 100,
  rounds: 3,
  pipelineFrames: 100,
  warmUpFrames: 50,
  fastClip: { seconds: 30 },
  pacedClip: { seconds: 15 },
  pacedRounds: 1,
  publishingS: 10,
};

/** What a part gives to the page. */
export interface PartReport {
  readonly markdown: string;
  /** SVG documents by file name. */
  readonly plots: Readonly<Record<string, string>>;
}
