import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { addonFile, loadAddon } from './native-addon.js';

/** What is used of `native/memory.c`. */
interface MemoryAddon {
  trim(): void;
  dropFilePages(): void;
}

/**
 * Returns freed native memory to the system, in a few milliseconds; to be called when a model was
 * let go of. The allocator alone keeps the holes that models leave, 40 MB over a few swaps.
 * @throws Error when the compiled part is missing, or was built for another machine.
 */
export function trimHeap(file = addonFile('memory')): void {
  (loadAddon(file) as MemoryAddon).trim();
}

/**
 * Lets go of the pages of programs and libraries that the start alone has needed; the others come
 * back by themselves.
 * @throws Error when the compiled part is missing, or was built for another machine.
 */
export function dropFilePages(file = addonFile('memory')): void {
  (loadAddon(file) as MemoryAddon).dropFilePages();
}

/**
 * Collects the garbage of this thread in the next turn of its event loop, 5 to 20 ms long, and
 * returns what becomes free, and what only the work before has needed of programs. To be called
 * when something large was let go of, a model above all: a daemon that allocates little may not
 * collect for minutes, and V8 does not feel native memory.
 */
export function collectGarbageSoon(): void {
  // Not now: what was let go of may still be on the stack.
  setImmediate(() => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    // What was collected is freed in a turn of its own.
    setImmediate(() => {
      trimHeap();
      dropFilePages();
    });
  });
}
