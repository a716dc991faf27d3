import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { messageOf } from '../errors.js';
import { keyOf, nameOf } from './event-record.js';
import { FolderGrowth, syncFolder } from './folder-growth.js';
import { StoreError } from './store-error.js';

const READ_BATCH = 64;

const OPTIONS = {
  keyEncoding: 'utf8',
  valueEncoding: 'buffer',
  // Records must be found in the files as they are, should LevelDB lose its way; see event-record.
  compression: false,
  // In memory up to twice this; until it is full, an event is written to flash once only.
  writeBufferSize: 1 << 20,
  // Everything is read once, in order: there is nothing to gain from a cache.
  cacheSize: 64 << 10,
} as const;

/** A value of the store under its key; null in place of a key that is not one of ours. */
export interface StoredValue {
  readonly key: number | null;
  readonly bytes: Uint8Array;
  /** The key as it stands in the store. */
  readonly name: string;
}

/** What is to be changed at once. */
export interface StoreChange {
  readonly puts: readonly { readonly key: number; readonly bytes: Uint8Array }[];
  readonly deletes: readonly string[];
}

/** Bytes under ascending whole numbers below 2 ** 48, in a folder of LevelDB's files. */
export class EventStore {
  readonly #level: ClassicLevel<string, Uint8Array>;
  readonly #growth: FolderGrowth;

  private constructor(level: ClassicLevel<string, Uint8Array>, growth: FolderGrowth) {
    this.#level = level;
    this.#growth = growth;
  }

  /**
   * Opens the store of a folder, which is made if its parent is there. One that is not new is to be
   * checked before: LevelDB does not survive every damage.
   * @throws StoreError
   */
  static async open(folder: string): Promise<EventStore> {
    const growth = new FolderGrowth(folder);
    let level: ClassicLevel<string, Uint8Array> | null = null;
    try {
      // Not recursive: that takes a read-only file system for a missing file.
      if (!existsSync(folder)) await mkdir(folder);
      await growth.begin();
      // It begins to open, and makes the folder, by itself.
      level = new ClassicLevel<string, Uint8Array>(folder, OPTIONS);
      await level.open();
      await growth.update();
      await syncFolder(folder);
      await syncFolder(dirname(folder));
      return new EventStore(level, growth);
    } catch (cause) {
      await level?.close().catch(() => {});
      throw storeError(cause);
    }
  }

  /** What has been written to the folder's files since the opening. */
  get bytesWritten(): number {
    return this.#growth.bytesWritten;
  }

  /**
   * Everything, in the order of keys, in batches.
   * @throws StoreError
   */
  all(): AsyncGenerator<readonly StoredValue[]> {
    return this.#inRange({});
  }

  /**
   * What stands under keys from `first` to `last`, both included.
   * @throws StoreError
   */
  async read(first: number, last: number): Promise<ReadonlyMap<number, Uint8Array>> {
    const values = new Map<number, Uint8Array>();
    for await (const batch of this.#inRange({ gte: nameOf(first), lte: nameOf(last) })) {
      for (const { key, bytes } of batch) if (key !== null) values.set(key, bytes);
    }
    return values;
  }

  /**
   * Makes a change, all of it or nothing. What is put is on the disk afterwards; what is deleted
   * follows when the system sees fit, so a power cut can bring it back.
   * @throws StoreError
   */
  async write({ puts, deletes }: StoreChange): Promise<void> {
    try {
      await this.#level.batch(
        [
          ...puts.map(({ key, bytes }) => ({
            type: 'put' as const,
            key: nameOf(key),
            value: bytes,
          })),
          ...deletes.map((key) => ({ type: 'del' as const, key })),
        ],
        { sync: puts.length > 0 },
      );
      if (puts.length > 0) await this.#growth.update();
    } catch (cause) {
      throw storeError(cause);
    }
  }

  /**
   * With an iterator, because every get of a key would count as a seek in the table that holds the
   * deletions, and after a hundred of those LevelDB rewrites all tables.
   */
  async *#inRange(range: {
    readonly gte?: string;
    readonly lte?: string;
  }): AsyncGenerator<readonly StoredValue[]> {
    const iterator = this.#level.iterator({ ...range, fillCache: false });
    try {
      for (;;) {
        const entries = await iterator.nextv(READ_BATCH);
        if (entries.length === 0) return;
        yield entries.map(([name, bytes]) => ({ key: keyOf(name), bytes, name }));
      }
    } catch (cause) {
      throw storeError(cause);
    } finally {
      await iterator.close().catch(() => {});
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.#growth.update().catch(() => {});
    await this.#level.close().catch(() => {});
  }
}

/** LevelDB tells what is wrong by code and text; those of an opening stand in the cause. */
function storeError(thrown: unknown): StoreError {
  const inner = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  const text = messageOf(inner);
  if (code === 'LEVEL_LOCKED') {
    return new StoreError('another process uses it', { isDamaged: false, cause: thrown });
  }
  // A file that is missing shows as an input error; every other one of those may pass.
  const isDamaged =
    code === 'LEVEL_CORRUPTION' ||
    code === 'LEVEL_INVALID_ARGUMENT' ||
    (code === 'LEVEL_IO_ERROR' && text.includes('No such file'));
  const reason = code === 'LEVEL_IO_ERROR' ? text.slice(text.lastIndexOf(': ') + 2) : text;
  return new StoreError(reason, { isDamaged, cause: thrown });
}
