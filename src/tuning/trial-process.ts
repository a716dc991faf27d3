import { createInterpreter } from '../detection/create-interpreter.js';
import type { Interpreter, TensorData } from '../detection/interpreter.js';
import { percentile } from '../domain/statistics.js';
import { messageOf } from '../errors.js';
import { engineForm } from '../models/quantize/engine-form.js';
import { limitMemory } from './memory-limit.js';
import type { TrialAnswer, TrialOutputs, TrialRequest } from './trial-protocol.js';

const MIN_RUNS = 3;
const MAX_RUNS = 500;
/** Whatever else runs on the machine makes inferences longer, never shorter. */
const UNDISTURBED = 0.25;

/** Rewrites if asked to, loads, answers all pictures, then times inferences. */
function carryOut(request: TrialRequest): TrialAnswer {
  limitMemory(request.memoryBytes);
  let { modelBytes } = request;
  let rewritten: Uint8Array<ArrayBuffer> | null = null;
  if (request.rewrite) {
    rewritten = engineForm(modelBytes);
    if (!rewritten) return { kind: 'nothing-to-rewrite' };
    modelBytes = rewritten;
  }
  using interpreter = createInterpreter(bufferOf(modelBytes), request.engine);
  const outputs = request.inputs.map((input) => answerTo(interpreter, input));
  return {
    kind: 'measured',
    outputs,
    rewritten,
    ...timed(interpreter, request.budgetMs),
  };
}

function answerTo(interpreter: Interpreter, input: Uint8Array): TrialOutputs {
  const target = interpreter.inputs[0]?.data;
  if (target?.byteLength !== input.byteLength) {
    throw new Error(`its input has ${target?.byteLength ?? 0} bytes, expected ${input.byteLength}`);
  }
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(input);
  interpreter.invoke();
  return interpreter.outputs.map(({ data }): TensorData => data.slice());
}

function timed(interpreter: Interpreter, budgetMs: number): { inferenceMs: number; cpuMs: number } {
  const inferenceMs: number[] = [];
  const cpuBefore = process.cpuUsage();
  const end = performance.now() + budgetMs;
  while (
    inferenceMs.length < MIN_RUNS ||
    (performance.now() < end && inferenceMs.length < MAX_RUNS)
  ) {
    const begin = performance.now();
    interpreter.invoke();
    inferenceMs.push(performance.now() - begin);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    inferenceMs: percentile(inferenceMs, UNDISTURBED),
    cpuMs: (user + system) / 1000 / inferenceMs.length,
  };
}

/** The bytes over an ArrayBuffer of their own, as engines want them. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

process.once('message', (request: TrialRequest) => {
  let answer: TrialAnswer;
  try {
    answer = carryOut(request);
  } catch (thrown) {
    answer = { kind: 'refused', reason: messageOf(thrown) };
  }
  process.send?.(answer, () => process.disconnect());
});
