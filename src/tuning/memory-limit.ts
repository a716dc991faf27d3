import { getSystemErrorName } from 'node:util';
import { addonFile, loadAddon } from '../native-addon.js';

/** What is used of `native/memory.c`. */
interface MemoryAddon {
  /** Gives 0 or a negated errno. */
  limit(bytes: number): number;
}

/**
 * Lets this process take `bytes` (at least 1) more memory than it has now, and never more again:
 * what asks for more gets none, and native code mostly aborts then. For child processes that load
 * files of unknown make; their own children inherit it.
 * @throws Error when the system refuses, or the compiled part is missing.
 */
export function limitMemory(bytes: number, file = addonFile('memory')): void {
  const result = (loadAddon(file) as MemoryAddon).limit(bytes);
  if (result !== 0) {
    const name = getSystemErrorName(result);
    throw new Error(`Cannot limit the memory to ${bytes} bytes more: the system says ${name}`);
  }
}
