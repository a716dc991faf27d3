import type { EngineChoice } from '../domain/engine.js';
import type { Interpreter } from './interpreter.js';
import { LitertInterpreter } from './litert-interpreter.js';
import { TfjsInterpreter } from './tfjs-interpreter.js';

/**
 * Loads a model into an engine, in this thread.
 * @throws Error with the engine's reason when it refuses the model or cannot be loaded.
 */
export function createInterpreter(model: ArrayBuffer, choice: EngineChoice): Interpreter {
  switch (choice.name) {
    case 'litert':
      return LitertInterpreter.load(model, choice);
    case 'tfjs':
      return new TfjsInterpreter(model, choice.threads);
    default:
      throw choice satisfies never;
  }
}
