/** Home Assistant asks for it, so that not everything answers its birth at once. */
const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 5_000;
/** Somebody who keeps emptying our topics is answered no more often than this. */
const MIN_INTERVAL_MS = 10_000;

/** A clock that does not jump, and a way to be called later. */
export interface Timer {
  nowMs(): number;
  /** @returns a function that calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/** The process's own clock. */
export const SYSTEM_TIMER: Timer = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    const timeout = setTimeout(run, delayMs);
    return () => clearTimeout(timeout);
  },
};

/** What an announcement timer needs. */
export interface AnnounceTimerOptions {
  /** Begins an announcement; it must not throw. */
  readonly announce: () => void;
  /** Numbers from 0 to below 1. */
  readonly random: () => number;
  readonly timer: Timer;
}

/**
 * Announces a random 1 to 5 s after it was asked to; whoever asks meanwhile is served by the same
 * announcement. Disposal calls off what is due, to be done when the connection is gone: the next
 * one begins with an announcement anyway.
 */
export class AnnounceTimer implements Disposable {
  readonly #options: AnnounceTimerOptions;
  #pending: { readonly dueMs: number; readonly cancel: () => void } | null = null;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(options: AnnounceTimerOptions) {
    this.#options = options;
  }

  /** Home Assistant has started. */
  askAfterBirth(): void {
    this.#announceBy(this.#options.timer.nowMs() + this.#delayMs());
  }

  /** Somebody has emptied one of our topics. */
  askAfterEmptying(): void {
    const soonMs = this.#options.timer.nowMs() + this.#delayMs();
    this.#announceBy(Math.max(soonMs, this.#lastMs + MIN_INTERVAL_MS));
  }

  [Symbol.dispose](): void {
    this.#pending?.cancel();
    this.#pending = null;
  }

  #delayMs(): number {
    return MIN_DELAY_MS + this.#options.random() * (MAX_DELAY_MS - MIN_DELAY_MS);
  }

  #announceBy(dueMs: number): void {
    if (this.#pending !== null && this.#pending.dueMs <= dueMs) return;
    this.#pending?.cancel();
    const { announce, timer } = this.#options;
    const cancel = timer.after(dueMs - timer.nowMs(), () => {
      this.#pending = null;
      this.#lastMs = timer.nowMs();
      announce();
    });
    this.#pending = { dueMs, cancel };
  }
}
