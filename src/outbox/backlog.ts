import { EventQueue, type PlaceState, type QueuedEvent, type QueueLimits } from './event-queue.js';
import { nameOf, RECORD_OVERHEAD_BYTES } from './event-record.js';
import type { OutboxDrops } from './outbox-counters.js';
import { type EntryFacts, encodeBody, type OutboxEntry } from './outbox-entry.js';
import type { FoundEvents } from './store-keeper.js';

/** Events that are not on disk, because they are on their way there or it cannot be written. */
const MAX_MEMORY_BYTES = 1 << 20;
/** A clock that says less was never set, and tells no age. */
const FIRST_CREDIBLE_MS = Date.UTC(2024);

/**
 * What became of an event that was handed in. `on-disk`: it survives everything but the disk.
 * `in-memory`: the disk cannot be written now. `gone`: delivered meanwhile, or dropped and counted.
 */
export type Keeping = 'on-disk' | 'in-memory' | 'gone';

/** An event that is in memory only. */
export interface UnwrittenEvent extends QueuedEvent, EntryFacts {
  readonly body: Uint8Array;
  /** Tells who handed it in; the first call counts. */
  readonly settle: (keeping: Keeping) => void;
}

/**
 * Which events are kept and where: those on disk, then those in memory, each bounded by itself.
 * Keys here count from 1; in the store they are higher by what an earlier run has left there.
 * Times are on the monotonic clock, in ms.
 */
export class Backlog {
  readonly #disk: EventQueue<QueuedEvent>;
  readonly #memory: EventQueue<UnwrittenEvent>;
  readonly #dropped = { fullUpdate: 0, full: 0, tooOld: 0, corrupt: 0 };
  /** Names in the store of what was delivered or dropped. */
  readonly #unwanted: string[] = [];
  #lastKey = 0;
  #storeOffset: number | null = null;
  #isFull = false;

  constructor(limits: QueueLimits) {
    this.#disk = new EventQueue(limits);
    this.#memory = new EventQueue({ ...limits, maxBytes: MAX_MEMORY_BYTES });
  }

  get size(): number {
    return this.#disk.size + this.#memory.size;
  }

  get bytes(): number {
    return this.#disk.bytes + this.#memory.bytes;
  }

  get inMemory(): number {
    return this.#memory.size;
  }

  get oldest(): QueuedEvent | null {
    return this.#disk.oldest ?? this.#memory.oldest;
  }

  get dropped(): OutboxDrops {
    return { ...this.#dropped };
  }

  /** Whether events were dropped for room since it was last empty. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Whether there is something to write. */
  get isUnwritten(): boolean {
    return this.#memory.size + this.#unwanted.length > 0;
  }

  /** Appends an event. @returns its key. */
  add(
    entry: OutboxEntry,
    nowMs: number,
    settle: (keeping: Keeping) => void,
    state: PlaceState = 'waiting',
  ): number {
    const { phase, occurredAtMs } = entry;
    const body = encodeBody(entry);
    const bytes = body.length + RECORD_OVERHEAD_BYTES;
    const key = ++this.#lastKey;
    this.#dropUnwritten(
      this.#memory.add({ key, bytes, phase, occurredAtMs, body, sinceMs: nowMs, settle }, state),
    );
    this.dropOld(nowMs);
    return key;
  }

  dropOld(nowMs: number): void {
    for (const { key } of this.#disk.dropOld(nowMs)) {
      this.#dropped.tooOld += 1;
      this.#unwanted.push(this.#nameOf(key));
    }
    for (const { settle } of this.#memory.dropOld(nowMs)) {
      this.#dropped.tooOld += 1;
      settle('gone');
    }
  }

  /** Up to `count` of the events on disk that wait, the oldest first. */
  waitingOnDisk(count: number): readonly QueuedEvent[] {
    return this.#disk.waiting(count);
  }

  /** The oldest of the events in memory that wait. */
  get waitingInMemory(): UnwrittenEvent | null {
    return this.#memory.waiting(1)[0] ?? null;
  }

  /** Marks an event as on its way. */
  take(key: number): void {
    this.#disk.take(key);
    this.#memory.take(key);
  }

  /** Forgets an event that was delivered. */
  remove(key: number): void {
    if (this.#disk.remove(key) !== null) this.#unwanted.push(this.#nameOf(key));
    const unwritten = this.#memory.get(key);
    this.#memory.remove(key);
    unwritten?.settle('gone');
  }

  /** Gives up an event of the disk that cannot be read, if it is still there. */
  giveUp(key: number): void {
    if (this.#disk.remove(key) === null) return;
    this.#dropped.corrupt += 1;
    this.#unwanted.push(this.#nameOf(key));
  }

  startOver(): void {
    this.#disk.startOver();
    this.#memory.startOver();
  }

  /** Up to `count` events that are to be written next. */
  unwritten(count: number): readonly UnwrittenEvent[] {
    return this.#memory.first(count);
  }

  /** Says that an event is on the disk now. */
  noteWritten({ key, bytes, phase, sinceMs, settle }: UnwrittenEvent): void {
    const state = this.#memory.remove(key);
    if (state === null) {
      // It was delivered or dropped while it was being written.
      this.#unwanted.push(this.#nameOf(key));
      return;
    }
    this.#dropKept(this.#disk.add({ key, bytes, phase, sinceMs }, state));
    settle(this.#disk.get(key) ? 'on-disk' : 'gone');
  }

  /** Says of all events in memory that they cannot be written now. */
  noteUnwritable(): void {
    for (const { settle } of this.#memory.first(this.#memory.size)) settle('in-memory');
  }

  /** Up to `count` names to be deleted from the store, which are then no longer known here. */
  takeUnwanted(count: number): readonly string[] {
    return this.#unwanted.splice(0, count);
  }

  /** Gives names back that could not be deleted. */
  returnUnwanted(names: readonly string[]): void {
    this.#unwanted.push(...names);
  }

  /** Says that nothing is left, here or in the store. */
  noteEmpty(): void {
    this.#isFull = false;
    this.#unwanted.length = 0;
  }

  /** The key that an event has in the store. */
  storeKey(key: number): number {
    return key + (this.#storeOffset ?? 0);
  }

  /**
   * Compares with what stands in the store, which has been opened. The first time all of it is
   * older than what is here; later only what is known here is wanted.
   * @param nowMs with `unixMs`, the same moment on both clocks.
   */
  reconcile({ events, damaged }: FoundEvents, nowMs: number, unixMs: number): void {
    this.#dropped.corrupt += damaged.length;
    this.#unwanted.push(...damaged);
    const isFirst = this.#storeOffset === null;
    this.#storeOffset ??= this.#offsetAfter(events.at(-1)?.key ?? 0);

    const present = new Set<number>();
    for (const { key: storeKey, bytes, phase, occurredAtMs } of events) {
      const key = storeKey - this.#storeOffset;
      if (isFirst) {
        const ageMs = occurredAtMs < FIRST_CREDIBLE_MS ? 0 : Math.max(0, unixMs - occurredAtMs);
        this.#dropKept(this.#disk.add({ key, bytes, phase, sinceMs: nowMs - ageMs }));
      } else if (this.#disk.get(key)) present.add(key);
      // What a failed write has left after all is written again under the same key.
      else if (!this.#memory.get(key)) this.#unwanted.push(nameOf(storeKey));
    }
    if (isFirst) return;
    for (const { key } of this.#disk.first(this.#disk.size)) {
      if (!present.has(key)) this.giveUp(key);
    }
  }

  /** So that the last key found comes before all that are known here. */
  #offsetAfter(lastFound: number): number {
    const first = this.#memory.oldest?.key ?? this.#lastKey + 1;
    return Math.max(0, lastFound + 1 - first);
  }

  #dropKept(events: readonly QueuedEvent[]): void {
    this.#countForRoom(events);
    for (const { key } of events) this.#unwanted.push(this.#nameOf(key));
  }

  #dropUnwritten(events: readonly UnwrittenEvent[]): void {
    this.#countForRoom(events);
    for (const { settle } of events) settle('gone');
  }

  #countForRoom(events: readonly QueuedEvent[]): void {
    for (const { phase } of events) this.#dropped[phase === 'update' ? 'fullUpdate' : 'full'] += 1;
    this.#isFull ||= events.length > 0;
  }

  #nameOf(key: number): string {
    return nameOf(this.storeKey(key));
  }
}
