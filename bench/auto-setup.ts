import { totalmem } from 'node:os';
import type { OutputLayout } from '../src/domain/detector-model.js';
import type { EngineSetup } from '../src/domain/engine.js';
import type { Log } from '../src/log.js';
import { readDetectorModel } from '../src/models/read-detector-model.js';
import { EngineTuner } from '../src/tuning/engine-tuner.js';
import { runTrial } from '../src/tuning/run-trial.js';

/** A model that is to be run on a number of threads. */
export interface AutoTask {
  readonly modelFile: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Contents of its input. */
  readonly input: Uint8Array;
  readonly threads: number;
  readonly libraryFile: string | null;
}

const NO_LOG: Log = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * How Lookout itself runs the model with `engine: auto`: what its tuner finds now.
 * @throws ModelError when no engine runs it.
 */
export async function autoSetup(task: AutoTask): Promise<EngineSetup> {
  const { modelFile, bytes, input, threads, libraryFile: litertFile } = task;
  const tuner = new EngineTuner({
    choices: { litert: litertFile !== null, tfjs: true, minThreads: threads, maxThreads: threads },
    litertFile,
    memoryBytes: totalmem() / 2,
    env: {},
    runTrial,
    log: NO_LOG,
  });
  const layout = await layoutOf(modelFile);
  const subject = { name: modelFile, bytes, rewritten: null, layout, inputs: [input] };
  return (await tuner.tune(subject, new AbortController().signal)).chosen;
}

/** Null where the outputs are not understood; their plain values are held against each other then. */
async function layoutOf(file: string): Promise<OutputLayout | null> {
  try {
    return (await readDetectorModel({ file, labels: null, fit: 'auto' })).model.outputLayout;
  } catch {
    return null;
  }
}
