import type { FramePool } from '../domain/frame-pool.js';

/**
 * Cuts a stream of bytes into frames of equal length. Each byte is copied once, straight into the
 * buffer of its frame.
 */
export class RawFrameSplitter {
  readonly #frameBytes: number;
  readonly #pool: FramePool;
  #frame: Uint8Array<ArrayBuffer> | null = null;
  #filledBytes = 0;

  /** @param frameBytes length of a frame, at least 1. Buffers are taken from `pool`. */
  constructor(frameBytes: number, pool: FramePool) {
    this.#frameBytes = frameBytes;
    this.#pool = pool;
  }

  /** The frames that `chunk` completes, oldest first; the caller owns them, and `chunk` again. */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const frames: Uint8Array<ArrayBuffer>[] = [];
    for (let read = 0; read < chunk.byteLength; ) {
      this.#frame ??= this.#pool.take(this.#frameBytes);
      const part = chunk.subarray(read, read + this.#frameBytes - this.#filledBytes);
      this.#frame.set(part, this.#filledBytes);
      this.#filledBytes += part.byteLength;
      read += part.byteLength;
      if (this.#filledBytes === this.#frameBytes) {
        frames.push(this.#frame);
        this.#frame = null;
        this.#filledBytes = 0;
      }
    }
    return frames;
  }
}
