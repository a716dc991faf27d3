import { keysOf, valueAt } from './key-paths.js';
import type { LoadedConfig } from './load-config.js';

/** Every effective value by dotted path as it may be shown: secrets are blotted out. */
export function shownValues(loaded: Pick<LoadedConfig, 'config' | 'schema'>): Map<string, unknown> {
  const shown = new Map<string, unknown>();
  for (const { path, key } of keysOf(loaded.schema)) {
    const value = valueAt(loaded.config, path);
    shown.set(path, typeof value === 'string' ? (key.format.redact?.(value) ?? value) : value);
  }
  return shown;
}
