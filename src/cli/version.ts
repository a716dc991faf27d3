import { readFileSync } from 'node:fs';
import { valueAt } from '../config/key-paths.js';

/** The version of this package, from its `package.json`. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return String(valueAt(JSON.parse(text) as object, 'version'));
}
