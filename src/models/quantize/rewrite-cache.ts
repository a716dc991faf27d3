import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.js';
import { writeWhole } from '../../files/write-whole.js';
import type { Log } from '../../log.js';
import { REWRITE_VERSION } from './rewrite.js';

/** How much a cache may hold; what has not been used for longest goes first. */
export interface CacheLimits {
  readonly maxFiles: number;
  readonly maxBytes: number;
}

const DEFAULT_LIMITS: CacheLimits = { maxFiles: 8, maxBytes: 128 << 20 };
/** SHA-256 of the original, version of the rewrite, SHA-256 of the contents. */
const ENTRY = /^([0-9a-f]{64})\.v(\d+)\.([0-9a-f]{64})\.tflite$/;
/** As `writeWhole` calls what it has not finished. */
const UNFINISHED = /\.tflite\.[0-9a-f-]{36}$/;
/** Longer than any write takes: its writer is gone. */
const ABANDONED_MS = 3_600_000;

/**
 * Rewritten models in a folder, by the SHA-256 of the original. A file's name carries the hash of
 * its contents, which are checked at every reading. A cache that cannot be read or written costs a
 * rewrite and one warning, nothing else: no method rejects.
 */
export class RewriteCache {
  readonly #folder: string;
  readonly #log: Log;
  readonly #limits: CacheLimits;
  #hasWarned = false;

  constructor(folder: string, log: Log, limits: CacheLimits = DEFAULT_LIMITS) {
    this.#folder = folder;
    this.#log = log;
    this.#limits = limits;
  }

  /** The model that the original of this hash was rewritten to; null where it is not known. */
  async get(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      for (const name of await this.#names()) {
        const [, original, version, hash = ''] = ENTRY.exec(name) ?? [];
        if (original !== sha256 || version !== `${REWRITE_VERSION}`) continue;
        const contents = await this.#read(name, hash);
        if (contents) return contents;
      }
    } catch (error) {
      this.#warn(error);
    }
    return null;
  }

  /** Keeps the rewritten model of the original of this hash, if it is not too large. */
  async put(sha256: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > this.#limits.maxBytes) return;
    const name = `${sha256}.v${REWRITE_VERSION}.${hashOf(bytes)}.tflite`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeWhole(join(this.#folder, name), bytes);
      await this.#makeRoom();
    } catch (error) {
      this.#warn(error);
    }
  }

  async #names(): Promise<string[]> {
    return (await unlessAbsent(readdir(this.#folder))) ?? [];
  }

  /** Null, and the file is removed, where the contents are not what its name says. */
  async #read(name: string, hash: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const file = join(this.#folder, name);
    const { size = 0 } = (await unlessAbsent(stat(file))) ?? {};
    const isSmall = size <= this.#limits.maxBytes;
    const contents = isSmall ? await unlessAbsent(readFile(file)) : new Uint8Array(0);
    // Another process made room.
    if (contents === null) return null;
    if (hashOf(contents) === hash) {
      const now = new Date();
      // So that it counts as used; where that is not allowed it counts by its age.
      await utimes(file, now, now).catch(() => {});
      return new Uint8Array(contents);
    }
    this.#log.warn('Removed a damaged file from the cache of rewritten models', { file });
    await rm(file, { force: true });
    return null;
  }

  async #makeRoom(): Promise<void> {
    const names = await this.#names();
    const files = await Promise.all(
      names
        .filter((name) => ENTRY.test(name) || UNFINISHED.test(name))
        .map(async (name) => {
          const facts = await unlessAbsent(stat(join(this.#folder, name)));
          return { name, bytes: facts?.size ?? 0, usedMs: facts?.mtimeMs ?? 0 };
        }),
    );
    let room = { ...this.#limits };
    for (const { name, bytes, usedMs } of files.toSorted((a, b) => b.usedMs - a.usedMs)) {
      const isUnfinished = UNFINISHED.test(name);
      if (!isUnfinished) {
        room = { maxFiles: room.maxFiles - 1, maxBytes: room.maxBytes - bytes };
      }
      const isSurplus = isUnfinished
        ? Date.now() - usedMs > ABANDONED_MS
        : Math.min(room.maxFiles, room.maxBytes) < 0;
      if (isSurplus) await rm(join(this.#folder, name), { force: true });
    }
  }

  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const message = `Cannot keep rewritten models in "${this.#folder}": ${messageOf(error)}`;
    this.#log.warn(`${message}; they are made anew at each start`);
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Null where the file or folder is not there. */
async function unlessAbsent<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
