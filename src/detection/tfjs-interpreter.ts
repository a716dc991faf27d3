import { createRequire } from 'node:module';
import { collectGarbageSoon } from '../free-memory.js';
import type { Interpreter, TensorData, TensorView } from './interpreter.js';

interface NativeTensor {
  readonly name: string;
  readonly shape: string;
  data(): TensorData;
}

interface NativeInterpreter {
  getInputs(): readonly NativeTensor[];
  getOutputs(): readonly NativeTensor[];
  infer(): void;
}

interface NativeBinding {
  readonly Interpreter: new (
    model: ArrayBuffer,
    options: { readonly threads: number },
  ) => NativeInterpreter;
}

const require = createRequire(import.meta.url);

/** Version of TensorFlow Lite inside the package. */
export const TFJS_RUNTIME_VERSION = '2.9.0';

/**
 * Where the compiled half of the package is; it is not loaded.
 * @throws Error when it is missing, or there can be none on this machine.
 */
export function tfjsBindingFile(): string {
  if (process.arch === 'arm') {
    throw new Error(
      'Cannot load the TensorFlow Lite runtime: this Node.js is 32-bit (arm), expected a 64-bit one (arm64)',
    );
  }
  return require.resolve('tfjs-tflite-node/build/Release/node_tflite_binding.node');
}

/**
 * TensorFlow Lite 2.9 through the compiled half of the package tfjs-tflite-node; the other half
 * would load TensorFlow.js and make tensor objects for every frame.
 *
 * The addon shares static state between threads: it must be loaded in one thread of a process only,
 * and that thread must not be terminated during `invoke`.
 */
export class TfjsInterpreter implements Interpreter {
  readonly inputs: readonly TensorView[];
  readonly outputs: readonly TensorView[];
  /** What this engine has to say goes to the process's standard error. */
  readonly warnings: readonly string[] = [];
  #native: NativeInterpreter | null;

  /**
   * @param model the file's bytes; they are copied.
   * @param threads 1 to the number of cores; more is several times slower.
   * @throws Error with the library's reason when it refuses the model or cannot be loaded.
   */
  constructor(model: ArrayBuffer, threads: number) {
    const native = new (loadBinding().Interpreter)(model, { threads });
    this.#native = native;
    this.inputs = native.getInputs().map(viewOf);
    this.outputs = native.getOutputs().map(viewOf);
  }

  invoke(): void {
    if (!this.#native) throw new Error('Cannot run a model that was disposed');
    this.#native.infer();
  }

  /** Lets go of the native memory, which only the garbage collector can free. */
  [Symbol.dispose](): void {
    this.#native = null;
    collectGarbageSoon();
  }
}

function viewOf(tensor: NativeTensor): TensorView {
  const shape = tensor.shape === '' ? [] : tensor.shape.split(',').map(Number);
  return { name: tensor.name, shape, data: tensor.data() };
}

function loadBinding(): NativeBinding {
  return require(tfjsBindingFile()) as NativeBinding;
}
