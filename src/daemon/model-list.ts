import { delay } from '../async/abort.js';
import { type ListedModel, modelsBeside, newerModel } from '../models/model-folder.js';
import type { Publisher } from '../publishing/publisher.js';
import type { HomeAssistant } from './home-assistant.js';

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
  /** A newer one that was not refused. */
  readonly newer: ListedModel | null;
}

/**
 * Looks for models that can be chosen. The active one is always among them.
 * @throws Error when their folder cannot be read.
 */
export async function lookForModels({ file, active, refused }: ModelChoice): Promise<ModelLook> {
  const beside = await modelsBeside(file());
  const names = beside.map(({ name }) => name);
  const installed = active();
  const newer = newerModel(beside, file());
  return {
    names: installed === null || names.includes(installed) ? names : [...names, installed],
    installed,
    newer: newer?.file === refused() ? null : newer,
  };
}

/** Gives a function that looks and tells; what was told stands while their folder cannot be read. */
export function modelLooker(
  choice: ModelChoice,
  homeAssistant: Pick<HomeAssistant, 'show'>,
  tell: Publisher['setState'],
): () => Promise<void> {
  return async () => {
    const look = await lookForModels(choice).catch(() => null);
    if (look === null) return;
    const { names, installed, newer } = look;
    homeAssistant.show({ models: names });
    if (installed === null) return;
    tell({ kind: 'model-update', installed, latest: newer?.name ?? installed });
  };
}

/** Calls `look` every few seconds, until `signal` is aborted. */
export async function followModels(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (await delay(INTERVAL_MS, signal)) await look();
}
