import { delay } from '../async/abort.js';
import { modelsBeside, newerModelBeside } from '../models/model-folder.js';

/** Who has copied a model into the folder looks for it at once. */
const INTERVAL_MS = 5_000;

/** Which models can be chosen, and which one is active. */
export interface ModelChoice {
  /** The file of the model that is wanted; the others lie beside it. */
  readonly file: () => string;
  readonly active: () => string | null;
  /** The file that was refused last, until another one is tried; null: none. */
  readonly refused: () => string | null;
}

/** What a look at the folder has shown. */
export interface ModelLook {
  /** Names of the models that can be chosen. */
  readonly names: readonly string[];
  /** Name of the active model; null where there is none. */
  readonly installed: string | null;
  /** Name of a newer one that was not refused, else of the active one. */
  readonly latest: string | null;
}

/**
 * Looks for models that can be chosen. The active one is always among them, and alone where the
 * folder cannot be read, as then no other can be asked for.
 */
export async function lookForModels({ file, active, refused }: ModelChoice): Promise<ModelLook> {
  const beside = await modelsBeside(file()).catch(() => []);
  const newer = await newerModelBeside(file()).catch(() => null);
  const names = beside.map(({ name }) => name);
  const installed = active();
  const isOffered = newer !== null && newer.file !== refused();
  return {
    names: installed === null || names.includes(installed) ? names : [...names, installed],
    installed,
    latest: isOffered ? newer.name : installed,
  };
}

/** Calls `onLook` with what is there every few seconds, until `signal` is aborted. */
export async function followModels(
  choice: ModelChoice,
  onLook: (look: ModelLook) => void,
  signal: AbortSignal,
): Promise<void> {
  while (await delay(INTERVAL_MS, signal)) onLook(await lookForModels(choice));
}
