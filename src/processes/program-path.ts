import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Absolute path of the first of `names` that is a program on the PATH of `env`, or null. An earlier
 * name wins over an earlier folder. Relative folders of PATH do not count.
 */
export function findProgram(names: readonly string[], env: NodeJS.ProcessEnv): string | null {
  const folders = (env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
