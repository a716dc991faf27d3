import { changedKeys } from '../config/changed-keys.js';
import type { LoadedConfig } from '../config/load-config.js';
import type { Config } from '../config/schema.js';
import { ConfigError, messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { ModelManager } from '../models/model-manager.js';
import type { ModelSource } from '../models/read-detector-model.js';
import type { Supervisor } from '../supervision/supervisor.js';

/** Keys that take effect while running; for all others the daemon is started again. */
const LIVE_KEYS: ReadonlySet<string> = new Set(['model.file', 'model.labels', 'model.fit']);

export interface ReloadParts {
  readonly log: Log;
  readonly models: ModelManager;
  readonly supervisor: Supervisor;
  /** Reads the configuration anew. */
  readonly loadConfig: () => Promise<LoadedConfig>;
}

/** The model that a configuration asks for. */
export function modelSource({ model }: Pick<Config, 'model'>): ModelSource {
  return { file: model.file ?? '', labels: model.labels, fit: model.fit };
}

/**
 * Reads the configuration again, says what of it cannot change while running, and brings in the
 * model it names. Whatever fails leaves the running state as it was. Never rejects. Gives the
 * configuration that holds from now on.
 */
export async function reload(before: LoadedConfig, parts: ReloadParts): Promise<LoadedConfig> {
  const { log, models, supervisor } = parts;
  supervisor.notify('reloading');
  const after = await loadOrKeep(before, parts);
  const fixed = changedKeys(before, after).filter((key) => !LIVE_KEYS.has(key));
  if (fixed.length > 0) log.warn('Changed keys take effect with the next start', { keys: fixed });
  await models.reload(modelSource(after.config));
  supervisor.notify('ready');
  return after;
}

async function loadOrKeep(
  before: LoadedConfig,
  { loadConfig, log }: ReloadParts,
): Promise<LoadedConfig> {
  try {
    return await loadConfig();
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [];
    for (const { path, detail } of problems) log.error(`${path}: ${detail}`);
    if (problems.length === 0) log.error(messageOf(error));
    log.warn('The configuration is not taken over; the one before goes on');
    return before;
  }
}
