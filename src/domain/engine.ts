/** Runtimes that can run a model. */
export type EngineName = 'litert' | 'tfjs';

/** Which of LiteRT's kernels compute: its default, or the plain ones of TensorFlow Lite. */
export type Kernels = 'xnnpack' | 'builtin';

/** What an engine needs to load a model. */
export type EngineChoice =
  | {
      readonly name: 'litert';
      readonly kernels: Kernels;
      /** LiteRT's shared library, already verified. */
      readonly libraryFile: string;
      /** 1 to the number of cores; more is several times slower. */
      readonly threads: number;
    }
  | { readonly name: 'tfjs'; readonly threads: number };

/** What came of loading a model. */
export interface LoadReport {
  /** How long it took to run it on one frame. */
  readonly trialMs: number;
  /** What the engine found worth saying of it. */
  readonly warnings: readonly string[];
}

/** What is run: the model as its file has it, or rewritten to arithmetic that is faster to compute. */
export type ModelForm = 'original' | 'rewritten';

/** One way of running a model. */
export interface EngineSetup {
  readonly name: EngineName;
  /** Null for engines that have but one kind. */
  readonly kernels: Kernels | null;
  readonly form: ModelForm;
  readonly threads: number;
}

/** A way of running a model and what one inference takes that way, undisturbed (lower quartile). */
export interface MeasuredSetup extends EngineSetup {
  readonly inferenceMs: number;
  /** Processor time of all threads. */
  readonly cpuMs: number;
}

/** A way of running a model that cannot be used. */
export interface RefusedSetup extends EngineSetup {
  /** Why not, in one sentence without a full stop. */
  readonly reason: string;
}

/** The setup in words: `litert xnnpack, rewritten, 1 thread`. */
export function setupText({ name, kernels, form, threads }: EngineSetup): string {
  const engine = kernels === null ? name : `${name} ${kernels}`;
  return `${engine}, ${form}, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
}

/**
 * What the engine needs for a setup.
 * @param litertFile LiteRT's verified library; null where there is none.
 * @throws Error for a LiteRT setup without it.
 */
export function engineChoice(setup: EngineSetup, litertFile: string | null): EngineChoice {
  const { name, kernels, threads } = setup;
  if (name === 'tfjs') return { name, threads };
  if (litertFile === null) throw new Error('Cannot run LiteRT: its library is missing');
  return { name, kernels: kernels ?? 'xnnpack', libraryFile: litertFile, threads };
}
