import type { Frame } from '../domain/frame.js';

/** A frame and how long it has waited. */
export interface QueuedFrame {
  readonly frame: Frame;
  readonly queuedMs: number;
}

export interface FrameQueueOptions {
  /** 1 to 3: more only makes results older. */
  readonly capacity: number;
  /** A frame that has waited longer is dropped instead of given out. */
  readonly maxAgeMs: number;
  /** Takes each dropped frame; its buffer is the receiver's from then on. */
  readonly onDrop: (frame: Frame, reason: 'queue_full' | 'too_old' | 'stopped') => void;
}

/**
 * Frames between camera and detector. Bounded, and the newest wins: when it is full the oldest
 * frame is dropped, because a detector that is behind should look at the present.
 */
export class FrameQueue {
  readonly #options: FrameQueueOptions;
  readonly #waiting: { readonly frame: Frame; readonly sinceMs: number }[] = [];
  #closed = false;
  /** Wakes whoever waits in `take` or `whenRoom`; there is one of each at most. */
  #wakeTaker: () => void = () => {};
  #wakeGiver: () => void = () => {};

  constructor(options: FrameQueueOptions) {
    this.#options = options;
  }

  /** Adds a frame and takes ownership of it. After `close` it is dropped at once. */
  push(frame: Frame): void {
    if (this.#closed) {
      this.#options.onDrop(frame, 'stopped');
      return;
    }
    if (this.#waiting.length >= this.#options.capacity) this.#dropOldest('queue_full');
    this.#waiting.push({ frame, sinceMs: performance.now() });
    this.#wakeTaker();
  }

  /** The oldest frame that is young enough, waiting for one; null when closed and empty. */
  async take(): Promise<QueuedFrame | null> {
    for (;;) {
      const next = this.#waiting[0];
      if (next) {
        const queuedMs = performance.now() - next.sinceMs;
        if (queuedMs > this.#options.maxAgeMs) {
          this.#dropOldest('too_old');
          continue;
        }
        this.#waiting.shift();
        this.#wakeGiver();
        return { frame: next.frame, queuedMs };
      }
      if (this.#closed) return null;
      await new Promise<void>((resolve) => {
        this.#wakeTaker = resolve;
      });
    }
  }

  /** Waits until a frame can be added without dropping another, or the queue is closed. */
  async whenRoom(): Promise<void> {
    while (!this.#closed && this.#waiting.length >= this.#options.capacity) {
      await new Promise<void>((resolve) => {
        this.#wakeGiver = resolve;
      });
    }
  }

  /** No further frames: what waits can still be taken. */
  close(): void {
    this.#closed = true;
    this.#wakeTaker();
    this.#wakeGiver();
  }

  /** Closes the queue and drops what waits. */
  abandon(): void {
    this.close();
    while (this.#waiting.length > 0) this.#dropOldest('stopped');
  }

  #dropOldest(reason: 'queue_full' | 'too_old' | 'stopped'): void {
    const oldest = this.#waiting.shift();
    this.#wakeGiver();
    if (oldest) this.#options.onDrop(oldest.frame, reason);
  }
}
