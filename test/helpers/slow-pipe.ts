import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How bytes go on: at once, not at all, each piece late, or only so many. */
export type Pace =
  | { readonly kind: 'pass' | 'freeze' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'throttle'; readonly bytesPerS: number };

/** A throttled pipe lets some bytes through this often. */
const SLICE_MS = 50;

/** Carries bytes from one socket to another, in order, at a pace that may change at any time. */
export class SlowPipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #onCarried: (bytes: Buffer) => void;
  #pace: Pace;
  #paceChange = new AbortController();
  #isCarrying = false;

  /** @param onCarried is told of bytes when they are handed to the other socket. */
  constructor(from: Socket, to: Socket, pace: Pace, onCarried: (bytes: Buffer) => void) {
    this.#from = from;
    this.#to = to;
    this.#pace = pace;
    this.#onCarried = onCarried;
    from.on('data', (bytes: Buffer) => void this.#carry(bytes));
    from.once('close', () => this.#paceChange.abort());
    this.setPace(pace);
  }

  setPace(pace: Pace): void {
    this.#pace = pace;
    this.#paceChange.abort();
    this.#paceChange = new AbortController();
    if (pace.kind === 'freeze') this.#from.pause();
    else if (!this.#isCarrying) this.#from.resume();
  }

  async #carry(bytes: Buffer): Promise<void> {
    this.#isCarrying = true;
    // What the pipe does not take stays in the sender's buffers, which fill up.
    this.#from.pause();
    for (let rest = bytes; rest.length > 0 && !this.#to.destroyed; ) {
      const slice = rest.subarray(0, await this.#nextBytes(rest.length));
      rest = rest.subarray(slice.length);
      if (slice.length === 0 || this.#to.destroyed) continue;
      this.#to.write(slice);
      this.#onCarried(slice);
    }
    this.#isCarrying = false;
    if (this.#pace.kind !== 'freeze') this.#from.resume();
  }

  /** Waits as the pace wants it; 0 when it changed meanwhile. */
  async #nextBytes(length: number): Promise<number> {
    const pace = this.#pace;
    const { signal } = this.#paceChange;
    // What the sender has left is not held back: the pace can no longer change for it.
    if (this.#from.destroyed) return length;
    switch (pace.kind) {
      case 'pass':
        return length;
      case 'freeze':
        await unlessAborted(60_000, signal);
        return 0;
      case 'delay':
        return (await unlessAborted(pace.ms, signal)) ? length : 0;
      case 'throttle':
        return (await unlessAborted(SLICE_MS, signal))
          ? Math.max(1, Math.round((pace.bytesPerS * SLICE_MS) / 1000))
          : 0;
      default:
        return pace satisfies never;
    }
  }
}

/** @returns whether the whole time has passed. */
async function unlessAborted(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
