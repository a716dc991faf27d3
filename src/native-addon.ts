import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { messageOf } from './errors.js';

const BUILD_FOLDER = new URL('../../native/build/Release/', import.meta.url);

/** Where the compiled part of this name is: a target of `native/binding.gyp`. */
export function addonFile(name: string): string {
  return fileURLToPath(new URL(`${name}.node`, BUILD_FOLDER));
}

/** Where the compiled program of this name is: a target of `native/binding.gyp` as well. */
export function programFile(name: string): string {
  return fileURLToPath(new URL(name, BUILD_FOLDER));
}

/**
 * Loads a compiled part; what it exports is the caller's to know.
 * @throws Error when it is missing, or was built for another machine.
 */
export function loadAddon(file: string): unknown {
  try {
    return createRequire(import.meta.url)(file);
  } catch (cause) {
    const found = messageOf(cause).split('\n')[0];
    throw new Error(
      `Cannot load "${file}": ${found}; build it on this machine with "npm run install"`,
      { cause },
    );
  }
}
