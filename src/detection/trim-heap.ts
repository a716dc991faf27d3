import { addonFile, loadAddon } from '../native-addon.js';

/** What is used of `native/memory.c`. */
interface MemoryAddon {
  trim(): void;
}

/**
 * Returns freed native memory to the system, in a few milliseconds; to be called when a model was
 * let go of. The allocator alone keeps the holes that models leave, 40 MB over a few swaps.
 * @throws Error when the compiled part is missing, or was built for another machine.
 */
export function trimHeap(file = addonFile('memory')): void {
  (loadAddon(file) as MemoryAddon).trim();
}
