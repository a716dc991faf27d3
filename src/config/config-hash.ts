import { createHash } from 'node:crypto';
import type { LoadedConfig } from './load-config.js';
import { shownValues } from './shown-values.js';

/**
 * First 12 digits of the SHA-256 of the effective values without their secrets: the same for the
 * same values, wherever they come from.
 */
export function configHash(loaded: Pick<LoadedConfig, 'config' | 'schema'>): string {
  const values = [...shownValues(loaded)].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 12);
}
