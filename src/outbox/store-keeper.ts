import { mkdir, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Backoff } from '../async/backoff.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { decodeRecord, type EventRecord } from './event-record.js';
import type { EventStore, StoreChange } from './event-store.js';
import { StoreError } from './store-error.js';
import {
  type FolderState,
  hasStore,
  inspectFolder,
  recoverFolder,
  removeFolder,
} from './store-folder.js';

const RETRY = { minMs: 1_000, maxMs: 60_000 };
/** Opening a store writes the last log once more, as a table. */
const MIN_FREE_BYTES = 4 << 20;

/** What stood in a store when it was opened, less the JSON. */
export interface FoundEvents {
  readonly events: readonly FoundEvent[];
  /** Names of entries that are not as they were written. */
  readonly damaged: readonly string[];
}

export type FoundEvent = Omit<EventRecord, 'body'> & { readonly bytes: number };

/**
 * Has a store opened while there is something to keep, and nothing while there is not. What goes
 * wrong is said once, and tried again with growing delays.
 */
export class StoreKeeper {
  readonly #folder: string;
  readonly #log: Log;
  /** Called when an attempt is due. */
  readonly #retry: () => void;
  readonly #delays = new Backoff(RETRY);
  #store: EventStore | null = null;
  /** LevelDB takes nothing more after a write that failed, but can still be read. */
  #isReadOnly = false;
  #hasFolder = false;
  #hasLeftovers = false;
  #timer: NodeJS.Timeout | null = null;
  #failure: string | null = null;
  #bytesOfClosed = 0;

  constructor(folder: string, log: Log, retry: () => void) {
    this.#folder = folder;
    this.#log = log;
    this.#retry = retry;
  }

  /** The open store, to be read from; null while there is none. */
  get store(): EventStore | null {
    return this.#store;
  }

  /** The open store, if it can be written to as well. */
  get writableStore(): EventStore | null {
    return this.#isReadOnly ? null : this.#store;
  }

  /** Why nothing can be kept now; null while all is well. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Whether the next attempt has to wait. */
  get isBackingOff(): boolean {
    return this.#timer !== null;
  }

  /** What was written to the store's files. */
  get bytesWritten(): number {
    return this.#bytesOfClosed + (this.#store?.bytesWritten ?? 0);
  }

  /** Whether there is a store of an earlier run that has not been opened yet. */
  get hasLeftovers(): boolean {
    return this.#hasLeftovers;
  }

  /** Sees whether an earlier run has left a store; where that cannot be seen, it may have. */
  async lookForLeftovers(): Promise<void> {
    this.#hasLeftovers = await hasStore(this.#folder).catch(() => true);
  }

  /**
   * Opens the store anew, one that is damaged after recovering what can be.
   * @returns null when it cannot be opened now.
   */
  async open(): Promise<FoundEvents | null> {
    try {
      await this.#checkRoom();
      await this.close();
      this.#hasFolder = true;
      const found = await this.#openSound(await inspectFolder(this.#folder));
      this.#isReadOnly = false;
      this.#hasLeftovers = false;
      this.#noteRecovery();
      return found;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /**
   * Makes a change in the open store; see there.
   * @throws StoreError
   */
  async write(change: StoreChange): Promise<void> {
    if (this.#store === null) throw new StoreError('it is not open', { isDamaged: false });
    await this.#store.write(change);
    this.#delays.reset();
  }

  /** Says that the store cannot be read: it is opened anew before it is used again. */
  async failToRead(error: unknown): Promise<void> {
    await this.close();
    this.fail(error);
  }

  /** Says that the store could not be used, and plans the next attempt. */
  fail(error: unknown): void {
    const reason = messageOf(error);
    if (reason !== this.#failure) {
      this.#log.error(`Cannot keep events in "${this.#folder}": ${reason}; trying again`);
    }
    this.#failure = reason;
    this.#isReadOnly = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#retry();
    }, this.#delays.nextMs());
    this.#timer.unref();
  }

  /** Removes the store; to be called when nothing is left to keep. */
  async discard(): Promise<void> {
    if (!this.#hasFolder) return;
    await this.close();
    try {
      await removeFolder(this.#folder);
      this.#hasFolder = false;
      this.#noteRecovery();
    } catch (error) {
      this.fail(error);
    }
  }

  async close(): Promise<void> {
    const store = this.#store;
    this.#store = null;
    await store?.close();
    this.#bytesOfClosed += store?.bytesWritten ?? 0;
  }

  /** Ends all attempts. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #noteRecovery(): void {
    if (this.#failure === null) return;
    this.#failure = null;
    this.#log.info('Events can be kept on disk again', { folder: this.#folder });
  }

  async #openSound(state: FolderState): Promise<FoundEvents> {
    if (state === 'damaged') return this.#recover();
    try {
      return await this.#read(await openStore(this.#folder));
    } catch (error) {
      if (!(error instanceof StoreError && error.isDamaged)) throw error;
      return this.#recover();
    }
  }

  async #recover(): Promise<FoundEvents> {
    const aside = await recoverFolder(this.#folder, openStore);
    const found = await this.#read(await openStore(this.#folder));
    this.#log.error(
      `The events kept on disk were damaged: recovered ${found.events.length}, some of them may be sent twice`,
      { folder: this.#folder, damaged: aside },
    );
    return found;
  }

  async #read(store: EventStore): Promise<FoundEvents> {
    const events: FoundEvent[] = [];
    const damaged: string[] = [];
    try {
      for await (const batch of store.all()) {
        for (const { key, bytes, name } of batch) {
          const record = decodeRecord(bytes);
          if (record === null || record.key !== key) damaged.push(name);
          else events.push({ ...factsOf(record), bytes: bytes.length });
        }
      }
    } catch (error) {
      await store.close();
      throw error;
    }
    this.#store = store;
    return { events, damaged };
  }

  async #checkRoom(): Promise<void> {
    const place = dirname(this.#folder);
    await mkdir(place, { recursive: true });
    const { bavail, bsize } = await statfs(place);
    const freeBytes = bavail * bsize;
    if (freeBytes < MIN_FREE_BYTES) {
      throw new Error(`the disk is full (${Math.floor(freeBytes / 1024)} KiB free)`);
    }
  }
}

function factsOf({ key, phase, occurredAtMs }: EventRecord): Omit<EventRecord, 'body'> {
  return { key, phase, occurredAtMs };
}

/** Loaded when needed only: a daemon that never loses its broker does without its memory. */
async function openStore(folder: string): Promise<EventStore> {
  const { EventStore } = await import('./event-store.js');
  return EventStore.open(folder);
}
