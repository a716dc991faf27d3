import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `probe` gives something other than undefined or false, asking every 20 ms.
 * @throws when `timeoutMs` has passed, naming what was awaited.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(20);
  }
}
