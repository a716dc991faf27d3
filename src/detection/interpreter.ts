/** Memory of one tensor. */
export type TensorData = Uint8Array | Int8Array | Int32Array | Float32Array;

/** One input or output of an interpreter, over the engine's own memory. */
export interface TensorView {
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * Inputs are written here before `invoke`, outputs read here after it and before the next one.
   * Never to be transferred: the engine keeps a pointer to it.
   */
  readonly data: TensorData;
}

/** A loaded model as an engine offers it. */
export interface Interpreter extends Disposable {
  /** In the order of the model's graph. */
  readonly inputs: readonly TensorView[];
  readonly outputs: readonly TensorView[];
  /** What the engine found worth saying of the model when it loaded it; mostly nothing. */
  readonly warnings: readonly string[];
  /** Runs the model once, blocking the thread. Throws with the engine's reason. */
  invoke(): void;
}
