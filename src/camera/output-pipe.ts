import { closeSync } from 'node:fs';
import { type OnReadOpts, Socket } from 'node:net';
import type { FramePool } from '../domain/frame-pool.js';
import { addonFile, loadAddon } from '../native-addon.js';

/** The most that Linux grants an ordinary user. */
const MAX_CAPACITY_BYTES = 1 << 20;

/** What `native/pipe.c` exports. */
interface PipeAddon {
  open(capacityBytes: number): readonly [readFd: number, writeFd: number];
}

/** How output is cut into blocks. */
export interface Blocks {
  /** Length of each block but the last, at least 1. */
  readonly bytes: number;
  /** Where their buffers come from. */
  readonly pool: FramePool;
}

/**
 * A pipe for what a child process writes, read in blocks straight into the buffers of a pool: on
 * the way nothing is copied and nothing of size allocated. One block is read ahead and another
 * waits in the pipe, so writer and reader do not wake each other every few kilobytes.
 */
export class OutputPipe implements Disposable {
  readonly #blocks: Blocks;
  readonly #socket: Socket;
  readonly #writeFd: number;
  #filling: Uint8Array<ArrayBuffer>;
  #filledBytes = 0;
  #ready: Uint8Array<ArrayBuffer> | null = null;
  #isDraining = false;
  #hasEnded = false;
  /** Wakes whoever waits in `next`. */
  #wake: () => void = () => {};

  private constructor([readFd, writeFd]: readonly [number, number], blocks: Blocks) {
    this.#blocks = blocks;
    this.#writeFd = writeFd;
    this.#filling = blocks.pool.take(blocks.bytes);
    const onread: OnReadOpts = {
      buffer: () => this.#filling.subarray(this.#filledBytes),
      callback: (bytes) => this.#take(bytes),
    };
    // Apart from the call, as the types of Node 20 do not know that the constructor takes `onread`.
    const options = { fd: readFd, readable: true, writable: false, onread };
    this.#socket = new Socket(options);
  }

  /** @throws Error when no descriptor is left, or the compiled part is missing. */
  static open(blocks: Blocks): OutputPipe {
    const { open } = loadAddon(addonFile('pipe')) as PipeAddon;
    const pipe = new OutputPipe(open(Math.min(blocks.bytes, MAX_CAPACITY_BYTES)), blocks);
    pipe.#socket.once('close', () => pipe.#end());
    // A pipe that breaks is at its end like any other: how the process ends tells why.
    pipe.#socket.on('error', () => {});
    return pipe;
  }

  /** Has `start` give the writing end to a child, and closes it here, or the output never ends. */
  handOver<T>(start: (writeFd: number) => T): T {
    try {
      return start(this.#writeFd);
    } finally {
      closeSync(this.#writeFd);
    }
  }

  /** The next block, which the caller owns; only the last may be shorter. Null at the end. */
  async next(): Promise<Uint8Array<ArrayBuffer> | null> {
    while (this.#ready === null && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const block = this.#ready;
    this.#ready = null;
    if (!this.#hasEnded) this.#socket.resume();
    return block;
  }

  /** Reads on to the end and keeps nothing, so that the writer is not held up. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    while ((await this.next()) !== null);
  }

  /** Stops reading; what is left is lost. */
  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  /** Counts bytes that were read, and says whether to go on. */
  #take(bytes: number): boolean {
    this.#filledBytes += bytes;
    if (this.#filledBytes < this.#blocks.bytes) return true;
    this.#filledBytes = 0;
    if (this.#isDraining) return true;
    this.#ready = this.#filling;
    this.#filling = this.#blocks.pool.take(this.#blocks.bytes);
    this.#wake();
    return false;
  }

  #end(): void {
    this.#hasEnded = true;
    if (this.#filledBytes > 0) this.#ready = this.#filling.subarray(0, this.#filledBytes);
    else this.#blocks.pool.give(this.#filling);
    this.#wake();
  }
}
