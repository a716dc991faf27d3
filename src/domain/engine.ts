/** Runtimes that can run a model. */
export type EngineName = 'litert' | 'tfjs';

/** Which of LiteRT's kernels compute: its default, or the plain ones of TensorFlow Lite. */
export type Kernels = 'xnnpack' | 'builtin';

/** One way of running a model. */
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
