import { Writable } from 'node:stream';

const MAX_WAITING_BYTES = 256 * 1024;

/**
 * Passes lines on to a stream as long as it takes them. Lines for a stream that is closed, or
 * blocked with too much waiting, are dropped and counted; the count is told when it takes lines
 * again. Never waits, never fails.
 */
export class BoundedOutput extends Writable {
  readonly #target: Writable;
  readonly #droppedLine: (dropped: number) => string;
  #dropped = 0;

  /** @param droppedLine the line, without its end, that tells how many were dropped. */
  constructor(target: Writable, droppedLine: (dropped: number) => string) {
    super({ decodeStrings: false });
    this.#target = target;
    this.#droppedLine = droppedLine;
  }

  override _write(line: string, _encoding: BufferEncoding, done: () => void): void {
    const target = this.#target;
    if (!target.writable || target.writableLength > MAX_WAITING_BYTES) {
      this.#dropped += 1;
    } else {
      if (this.#dropped > 0) target.write(`${this.#droppedLine(this.#dropped)}\n`);
      this.#dropped = 0;
      target.write(line);
    }
    done();
  }
}
