import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; true when the time has passed, false when `signal` was aborted first. Never rejects. */
export async function delay(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
