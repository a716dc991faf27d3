import { createInterpreter } from '../../src/detection/create-interpreter.js';
import type { EngineChoice } from '../../src/domain/engine.js';

/** Runs a model once for each set of inputs and gives copies of all outputs. */
export function runModel(
  bytes: Uint8Array,
  engine: EngineChoice,
  inputSets: readonly (readonly (Uint8Array | Int8Array | Float32Array)[])[],
): number[][][] {
  using interpreter = createInterpreter(new Uint8Array(bytes).buffer, engine);
  return inputSets.map((inputs) => {
    inputs.forEach((values, i) => {
      interpreter.inputs[i]?.data.set(values);
    });
    interpreter.invoke();
    return interpreter.outputs.map(({ data }) => Array.from(data));
  });
}
