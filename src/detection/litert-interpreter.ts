import { resolve } from 'node:path';
import type { EngineChoice, Kernels } from '../domain/engine.js';
import { messageOf } from '../errors.js';
import { trimHeap } from '../free-memory.js';
import { addonFile, loadAddon } from '../native-addon.js';
import type { Interpreter, TensorView } from './interpreter.js';

/** What `native/litert.c` exports. */
interface LitertAddon {
  open(path: string): void;
  /** Options are TOML, in which the library overlooks what it does not know. */
  load(model: ArrayBuffer, cpuOptions: string): NativeModel;
}

interface NativeModel {
  readonly inputs: readonly TensorView[];
  readonly outputs: readonly TensorView[];
  /** What the library said while it loaded the model, in lines. */
  readonly said: string;
  invoke(): void;
  dispose(): void;
}

/** Beyond any board; the library would start as many as it is told. */
const MAX_THREADS = 64;
/** One cause is often said once for each tensor. */
const MAX_LINES = 3;

/**
 * LiteRT's own C library. May be used in any number of threads at once, and neither `terminate`
 * nor `process.exit` during an inference does harm.
 */
export class LitertInterpreter implements Interpreter {
  readonly inputs: readonly TensorView[];
  readonly outputs: readonly TensorView[];
  readonly warnings: readonly string[];
  readonly #native: NativeModel;

  private constructor(native: NativeModel) {
    this.inputs = native.inputs;
    this.outputs = native.outputs;
    this.warnings = linesOf(native.said);
    this.#native = native;
  }

  /**
   * Loads a model, whose bytes are copied. The library is opened at the first call and stays open:
   * a process has one file of it only.
   * @throws RangeError for an impossible number of threads, and Error with the library's reason
   * when it cannot be opened or refuses the model. A hostile model can make it take any amount of
   * memory or end the process: what is not known is tried in a limited child process first.
   */
  static load(
    model: ArrayBuffer,
    choice: Extract<EngineChoice, { name: 'litert' }>,
    file = addonFile('litert'),
  ): LitertInterpreter {
    const options = cpuOptions(choice.kernels, choice.threads);
    const addon = loadAddon(file) as LitertAddon;
    // With a bare name the loader of the system would search its own folders.
    openLibrary(addon, resolve(choice.libraryFile));
    try {
      return new LitertInterpreter(addon.load(model, options));
    } catch (cause) {
      throw new Error(`Cannot load the model into LiteRT: ${reasonOf(cause)}`, { cause });
    }
  }

  invoke(): void {
    try {
      this.#native.invoke();
    } catch (cause) {
      throw new Error(`Cannot run the model in LiteRT: ${reasonOf(cause)}`, { cause });
    }
  }

  /** Frees everything at once and leaves the tensors empty. */
  [Symbol.dispose](): void {
    this.#native.dispose();
    trimHeap();
  }
}

function openLibrary(addon: LitertAddon, libraryFile: string): void {
  try {
    addon.open(libraryFile);
  } catch (cause) {
    // The system's loader begins with the file's name itself.
    const found = messageOf(cause).replace(`${libraryFile}: `, '');
    throw new Error(`Cannot open LiteRT's library "${libraryFile}": ${found}`, { cause });
  }
}

function cpuOptions(kernels: Kernels, threads: number): string {
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS)) {
    throw new RangeError(
      `Cannot run a model with ${threads} threads: expected a whole number from 1 to ${MAX_THREADS}`,
    );
  }
  return `num_threads = ${threads}\nkernel_mode = "${kernelMode(kernels)}"\n`;
}

/** The library's own words, checked because it overlooks those that it does not know. */
function kernelMode(kernels: Kernels): string {
  switch (kernels) {
    case 'xnnpack':
      return 'xnnpack';
    case 'builtin':
      return 'builtin';
    default:
      throw new RangeError(
        `Cannot run a model with the kernels "${kernels satisfies never}": expected xnnpack or builtin`,
      );
  }
}

/** The reason that the addon gives in its first line, and what the library said in the others. */
function reasonOf(thrown: unknown): string {
  const [reason = '', ...said] = messageOf(thrown).split('\n');
  return [reason, ...linesOf(said.join('\n')).slice(0, MAX_LINES)].join('; ');
}

function linesOf(said: string): string[] {
  const lines = said
    .split('\n')
    .filter((line) => !/^\s*$|^INFO: |^See instructions/.test(line))
    .map((line) => line.replace(/^(ERROR|WARNING): /, '').replace(/[.\s]+$/, ''));
  return [...new Set(lines)];
}
