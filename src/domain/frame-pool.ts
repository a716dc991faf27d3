/**
 * Buffers that go from the camera to the detector and back, so that a steady stream of frames
 * allocates nothing. Holds at most `capacity` idle buffers, all of the size last asked for.
 */
export class FramePool {
  readonly #capacity: number;
  readonly #idle: Uint8Array<ArrayBuffer>[] = [];

  constructor(capacity = 4) {
    this.#capacity = capacity;
  }

  /** A buffer of exactly `byteLength` bytes with unspecified contents; the caller owns it. */
  take(byteLength: number): Uint8Array<ArrayBuffer> {
    const idle = this.#idle.pop();
    if (idle?.byteLength === byteLength) return idle;
    this.#idle.length = 0;
    return new Uint8Array(byteLength);
  }

  /** Takes a buffer back; the caller must not touch it any more. A detached one is forgotten. */
  give(data: Uint8Array<ArrayBuffer>): void {
    if (data.byteLength > 0 && this.#idle.length < this.#capacity) this.#idle.push(data);
  }
}
