import { coalesce } from '../async/coalesce.js';
import type { Log } from '../log.js';
import { Backlog, type Keeping } from './backlog.js';
import { decodeRecord, encodeRecord } from './event-record.js';
import type { OutboxCounters, OutboxProblem } from './outbox-counters.js';
import { decodeBody, type OutboxEntry } from './outbox-entry.js';
import { StoreKeeper } from './store-keeper.js';

/** Events, and deletions, in one write. */
const MAX_AT_ONCE = 256;
/** Events read from disk before they are asked for. */
const READ_AHEAD = 32;

/** Bounds and place of an outbox. */
export interface OutboxOptions {
  /** A folder of its own: it comes with the first event and goes with the last. */
  readonly folder: string;
  /** Of events on disk; each counts 512 at least. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Called when there may be something to take again, or `problem` may be another. */
  readonly onChange: () => void;
}

/** An event on its way to the broker. */
export interface OutboxParcel {
  /** Names it towards `acknowledge`. */
  readonly key: number;
  readonly entry: OutboxEntry;
}

/**
 * Events kept for the broker on disk, in order, over restarts and power cuts, within bounds. Each
 * is taken, sent and acknowledged; what was not acknowledged is there again after `startOver` or a
 * restart, so one can arrive twice, under the same id. Nothing is opened or written while there is
 * nothing to keep.
 */
export class Outbox implements AsyncDisposable {
  readonly #onChange: () => void;
  readonly #backlog: Backlog;
  readonly #keeper: StoreKeeper;
  readonly #log: Log;
  readonly #work = coalesce(() => this.#writeOut());
  #ahead = new Map<number, OutboxEntry>();
  #isReading = false;
  #isClosing = false;
  #toldProblem: OutboxProblem['kind'] | null = null;

  private constructor({ folder, maxBytes, maxAgeMs, onChange }: OutboxOptions, log: Log) {
    this.#onChange = onChange;
    this.#log = log;
    this.#backlog = new Backlog({ maxBytes, maxAgeMs });
    this.#keeper = new StoreKeeper(folder, log, () => void this.#work());
  }

  /** Opens what an earlier run has left. Never rejects: what fails is tried again later. */
  static async start(options: OutboxOptions, log: Log): Promise<Outbox> {
    const outbox = new Outbox(options, log);
    await outbox.#keeper.lookForLeftovers();
    await outbox.#work();
    return outbox;
  }

  get counters(): OutboxCounters {
    const { size, bytes, oldest, inMemory, dropped } = this.#backlog;
    return {
      depth: size,
      bytes,
      oldestMs: oldest && performance.now() - oldest.sinceMs,
      inMemory,
      dropped,
      bytesWritten: this.#keeper.bytesWritten,
    };
  }

  /** What somebody should see to; null while all is well. */
  get problem(): OutboxProblem | null {
    const { failure } = this.#keeper;
    if (failure !== null) return { kind: 'failed', detail: failure };
    if (!this.#backlog.isFull) return null;
    const { fullUpdate, full } = this.#backlog.dropped;
    return { kind: 'full', detail: `${fullUpdate} updates and ${full} other events were dropped` };
  }

  /** Keeps an event, after all before it; settles when it is as safe as it can be made now. */
  append(entry: OutboxEntry): Promise<Keeping> {
    return new Promise((settle) => {
      if (this.#isClosing) return settle('gone');
      this.#backlog.add(entry, performance.now(), settle);
      void this.#work();
    });
  }

  /** Keeps an event, after all before it, that is on its way already: as if it had been taken. */
  appendTaken(entry: OutboxEntry): OutboxParcel {
    const key = this.#backlog.add(entry, performance.now(), () => {}, 'taken');
    void this.#work();
    return { key, entry };
  }

  /** The next event to send; null when there is none, or not yet: then `onChange` follows. */
  take(): OutboxParcel | null {
    this.#backlog.dropOld(performance.now());
    const [kept] = this.#backlog.waitingOnDisk(1);
    // Where the disk cannot be read, the events in memory go first rather than not at all.
    const isUnreadable = this.#keeper.store === null && this.#keeper.failure !== null;
    if (kept && !isUnreadable) return this.#takeFromDisk(kept.key);

    const unwritten = this.#backlog.waitingInMemory;
    const entry = unwritten && decodeBody(unwritten.body, unwritten);
    return entry && this.#taken(unwritten.key, entry);
  }

  /** Says that the broker has answered for an event: it is not needed any more. */
  acknowledge({ key }: OutboxParcel): void {
    this.#backlog.remove(key);
    void this.#work();
  }

  /** Begins a new connection: what was not acknowledged goes out again, in its place. */
  startOver(): void {
    this.#backlog.startOver();
  }

  /** Writes what is in memory, if that can be done now, and closes the store. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#keeper.stop();
    await this.#work();
    this.#keeper.stop();
    await this.#keeper.close();
    const lost = this.#backlog.inMemory;
    if (lost > 0) this.#log.warn(`Events lost because the disk could not be written to: ${lost}`);
  }

  #takeFromDisk(key: number): OutboxParcel | null {
    const entry = this.#ahead.get(key);
    this.#ahead.delete(key);
    if (entry) return this.#taken(key, entry);
    void this.#readAhead();
    return null;
  }

  #taken(key: number, entry: OutboxEntry): OutboxParcel {
    this.#backlog.take(key);
    return { key, entry };
  }

  async #readAhead(): Promise<void> {
    const { store } = this.#keeper;
    if (this.#isReading || !store) return;
    this.#isReading = true;
    const keys = this.#backlog.waitingOnDisk(READ_AHEAD).map(({ key }) => key);
    try {
      const storeKeys = keys.map((key) => this.#backlog.storeKey(key));
      const values = await store.read(storeKeys[0] ?? 0, storeKeys.at(-1) ?? 0);
      this.#ahead.clear();
      for (const key of keys) {
        const storeKey = this.#backlog.storeKey(key);
        const entry = entryIn(values.get(storeKey), storeKey);
        if (entry) this.#ahead.set(key, entry);
        else this.#backlog.giveUp(key);
      }
    } catch (error) {
      // One that was closed meanwhile may say so.
      if (store === this.#keeper.store) await this.#keeper.failToRead(error);
    } finally {
      this.#isReading = false;
    }
    this.#onChange();
  }

  async #writeOut(): Promise<void> {
    let mayContinue = true;
    while (mayContinue && !this.#keeper.isBackingOff) mayContinue = await this.#writeSome();
    if (this.#keeper.failure !== null) this.#backlog.noteUnwritable();
    const problem = this.problem?.kind ?? null;
    if (problem === this.#toldProblem) return;
    this.#toldProblem = problem;
    this.#onChange();
  }

  /** @returns whether there may be more to do now. */
  async #writeSome(): Promise<boolean> {
    if (this.#backlog.size === 0 && !this.#keeper.hasLeftovers) {
      this.#backlog.noteEmpty();
      await this.#keeper.discard();
      return false;
    }
    if (this.#keeper.writableStore === null) return this.#open();
    return this.#backlog.isUnwritten && this.#write();
  }

  async #open(): Promise<boolean> {
    const found = await this.#keeper.open();
    if (found) this.#backlog.reconcile(found, performance.now(), Date.now());
    return found !== null;
  }

  async #write(): Promise<boolean> {
    const events = this.#backlog.unwritten(MAX_AT_ONCE);
    const deletes = this.#backlog.takeUnwanted(MAX_AT_ONCE);
    try {
      const puts = events.map((event) => {
        const key = this.#backlog.storeKey(event.key);
        return { key, bytes: encodeRecord({ ...event, key }) };
      });
      await this.#keeper.write({ puts, deletes });
    } catch (error) {
      this.#backlog.returnUnwanted(deletes);
      this.#keeper.fail(error);
      return false;
    }
    for (const event of events) this.#backlog.noteWritten(event);
    return true;
  }
}

function entryIn(value: Uint8Array | undefined, storeKey: number): OutboxEntry | null {
  const record = value ? decodeRecord(value) : null;
  return record?.key === storeKey ? decodeBody(record.body, record) : null;
}
