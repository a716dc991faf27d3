/**
 * Buffers that go from the camera to the detector and back, so that a steady stream of frames
 * allocates nothing. Holds at most `capacity` idle buffers, all of the size last asked for.
 */
export class FramePool {
  readonly #capacity: number;
  readonly #idle: Uint8Array<ArrayBuffer>[] = [];
  #byteLength = 0;

  constructor(capacity = 4) {
    this.#capacity = capacity;
  }

  /** A buffer of exactly `byteLength` bytes with unspecified contents; the caller owns it. */
  take(byteLength: number): Uint8Array<ArrayBuffer> {
    if (byteLength !== this.#byteLength) this.#idle.length = 0;
    this.#byteLength = byteLength;
    return this.#idle.pop() ?? new Uint8Array(byteLength);
  }

  /** Takes a buffer back; the caller must not touch it any more. Other sizes are forgotten. */
  give(data: Uint8Array<ArrayBuffer>): void {
    if (data.byteLength !== this.#byteLength || this.#idle.length >= this.#capacity) return;
    this.#idle.push(data);
  }
}
