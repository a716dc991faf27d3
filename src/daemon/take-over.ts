import { changedKeys } from '../config/changed-keys.js';
import type { LoadedConfig } from '../config/load-config.js';
import { ConfigError, messageOf } from '../errors.js';
import type { Log } from '../log.js';

/** Keys that take effect while running; for all others the daemon is started again. */
const LIVE_KEYS: ReadonlySet<string> = new Set(['model.file', 'model.labels', 'model.fit']);

/** How a configuration is read, and who is told what became of it. */
export interface TakeOverParts {
  readonly log: Log;
  /** Reads the configuration anew. */
  readonly loadConfig: () => Promise<LoadedConfig>;
  /** Is told why the configuration was refused, or null when it was not. */
  readonly onVerdict: (refusal: string | null) => void;
}

/**
 * Reads the configuration again and says what of it cannot change while running. A broken one is
 * reported and the one before stays. Never rejects. Gives the configuration that holds from now on.
 */
export async function takeOver(before: LoadedConfig, parts: TakeOverParts): Promise<LoadedConfig> {
  const after = await loadOrKeep(before, parts);
  const fixed = changedKeys(before, after).filter((key) => !LIVE_KEYS.has(key));
  if (fixed.length > 0) {
    parts.log.warn('Changed keys take effect with the next start', { keys: fixed });
  }
  return after;
}

async function loadOrKeep(
  before: LoadedConfig,
  { loadConfig, log, onVerdict }: TakeOverParts,
): Promise<LoadedConfig> {
  try {
    const loaded = await loadConfig();
    onVerdict(null);
    return loaded;
  } catch (error) {
    onVerdict(messageOf(error));
    const problems = error instanceof ConfigError ? error.problems : [];
    for (const { path, detail } of problems) log.error(`${path}: ${detail}`);
    if (problems.length === 0) log.error(messageOf(error));
    log.warn('The configuration is not taken over; the one before goes on');
    return before;
  }
}
