import { keysOf, valueAt } from './key-paths.js';
import type { LoadedConfig } from './load-config.js';

/** Keys whose values differ, secrets included, in the order of the schema. */
export function changedKeys(before: LoadedConfig, after: LoadedConfig): readonly string[] {
  return keysOf(after.schema)
    .map(({ path }) => path)
    .filter(
      (path) =>
        JSON.stringify(valueAt(before.config, path)) !==
        JSON.stringify(valueAt(after.config, path)),
    );
}
