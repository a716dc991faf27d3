import { engineOf } from '../src/daemon/wiring.js';
import type { EngineChoice } from '../src/domain/engine.js';

/** A model file, which may be another than the one asked for, and how it is run. */
export interface EngineRun {
  readonly modelFile: string;
  readonly choice: EngineChoice;
}

/** What Lookout itself runs a model with when the configuration says `engine: auto`. */
export function autoEngine(modelFile: string, threads: number): EngineRun {
  return { modelFile, choice: engineOf({ engine: 'auto', threads }) };
}

/** The same in words, threads left out. */
export function engineText({ choice }: EngineRun): string {
  return choice.name === 'litert' ? `LiteRT, ${choice.kernels}` : 'tfjs-tflite-node';
}
