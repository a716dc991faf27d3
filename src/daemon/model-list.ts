import { delay } from '../async/abort.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { modelsBeside } from '../models/model-folder.js';

/** Who has copied a model into the folder looks for it at once. */
const INTERVAL_MS = 5_000;

/** Which models can be chosen, and which one is active. */
export interface ModelChoice {
  /** The model that is wanted; the others lie beside it. */
  readonly file: () => string;
  readonly active: () => string | null;
}

/** Names of the models that can be chosen; the active one is always among them. */
export async function modelNames({ file, active }: ModelChoice): Promise<readonly string[]> {
  const names = (await modelsBeside(file())).map(({ name }) => name);
  const current = active();
  return current === null || names.includes(current) ? names : [...names, current];
}

/**
 * Calls `onChange` with the names at every look; a folder that cannot be read gives none. Ends when
 * `signal` is aborted.
 */
export async function followModels(
  choice: ModelChoice,
  onLook: (names: readonly string[]) => void,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  while (await delay(INTERVAL_MS, signal)) {
    try {
      onLook(await modelNames(choice));
    } catch (error) {
      log.debug('Cannot list the models', { error: messageOf(error) });
    }
  }
}
