import { delay } from '../async/abort.js';
import { modelsBeside } from '../models/model-folder.js';

/** Who has copied a model into the folder looks for it at once. */
const INTERVAL_MS = 5_000;

/** Which models can be chosen, and which one is active. */
export interface ModelChoice {
  /** The file of the model that is wanted; the others lie beside it. */
  readonly file: () => string;
  readonly active: () => string | null;
}

/**
 * Names of the models that can be chosen. The active one is always among them, and alone where the
 * folder cannot be read, as then no other can be asked for.
 */
export async function modelNames({ file, active }: ModelChoice): Promise<readonly string[]> {
  const beside = await modelsBeside(file()).catch(() => []);
  const names = beside.map(({ name }) => name);
  const current = active();
  return current === null || names.includes(current) ? names : [...names, current];
}

/** Calls `onLook` with the names every few seconds, until `signal` is aborted. */
export async function followModels(
  choice: ModelChoice,
  onLook: (names: readonly string[]) => void,
  signal: AbortSignal,
): Promise<void> {
  while (await delay(INTERVAL_MS, signal)) onLook(await modelNames(choice));
}
