import type { EventPhase } from './outbox-entry.js';

/** Whatever an event is kept as, it counts as this many bytes at least: the list has its price too. */
const MIN_BYTES = 512;
/** Places of events that have gone are cleared out when they are this many and half of all. */
const MIN_CLEARED = 64;

/** An event as the queue needs to know it. */
export interface QueuedEvent {
  /** Its place in the order; higher than those before it. */
  readonly key: number;
  readonly bytes: number;
  readonly phase: EventPhase;
  /** When it happened, on the monotonic clock, in ms. */
  readonly sinceMs: number;
}

/** Bounds of a queue. */
export interface QueueLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** A waiting event is there to be taken; a taken one is on its way to the broker. */
export type PlaceState = 'waiting' | 'taken';

interface Place<T> {
  readonly event: T;
  state: PlaceState;
  isGone: boolean;
}

/**
 * Events in order, bounded in bytes and age: when there is no room, the oldest waiting `update`
 * goes, and where none is left the oldest waiting event. Those on their way stay.
 */
export class EventQueue<T extends QueuedEvent> {
  readonly #limits: QueueLimits;
  /** By key. Those that have gone keep their place for a while, so that leaving costs no copying. */
  #places: Place<T>[] = [];
  #size = 0;
  #bytes = 0;
  /** No place before it waits. */
  #firstWaiting = 0;
  /** No place before it is an `update` that waits. */
  #firstUpdate = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** What the events count for; at least 512 each. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The first of those kept, taken or not; null when there is none. */
  get oldest(): T | null {
    return this.#places.find(({ isGone }) => !isGone)?.event ?? null;
  }

  /**
   * Appends an event. @returns those that had to go for it, maybe itself.
   * @throws RangeError when its key is not the highest.
   */
  add(event: T, state: PlaceState = 'waiting'): readonly T[] {
    const last = this.#places.at(-1)?.event.key ?? Number.NEGATIVE_INFINITY;
    if (event.key <= last) {
      throw new RangeError(`Cannot queue event ${event.key}: the last one is ${last}`);
    }
    this.#places.push({ event, state, isGone: false });
    this.#size += 1;
    this.#bytes += chargeOf(event);
    const dropped: T[] = [];
    while (this.#bytes > this.#limits.maxBytes) {
      const place = this.#oldestUpdate() ?? this.#oldestWaiting();
      if (!place) break;
      dropped.push(this.#leave(place));
    }
    this.#clearOut();
    return dropped;
  }

  /** Removes the waiting events from the front that are too old. @returns them. */
  dropOld(nowMs: number): readonly T[] {
    const dropped: T[] = [];
    for (let place = this.#oldestWaiting(); place; place = this.#oldestWaiting()) {
      if (nowMs - place.event.sinceMs <= this.#limits.maxAgeMs) break;
      dropped.push(this.#leave(place));
    }
    this.#clearOut();
    return dropped;
  }

  /** Up to `count` of the events that wait, the oldest first. */
  waiting(count: number): readonly T[] {
    const events: T[] = [];
    this.#oldestWaiting();
    for (let i = this.#firstWaiting; i < this.#places.length && events.length < count; i++) {
      const place = this.#places[i];
      if (place && isWaiting(place)) events.push(place.event);
    }
    return events;
  }

  /** Up to `count` of the events, taken or not, the oldest first. */
  first(count: number): readonly T[] {
    const events: T[] = [];
    for (const { event, isGone } of this.#places) {
      if (events.length === count) break;
      if (!isGone) events.push(event);
    }
    return events;
  }

  get(key: number): T | null {
    return this.#find(key)?.event ?? null;
  }

  /** Marks an event as on its way; one that is not there is left alone. */
  take(key: number): void {
    const place = this.#find(key);
    if (place) place.state = 'taken';
  }

  /** Removes an event. @returns how it stood, or null when it is not there. */
  remove(key: number): PlaceState | null {
    const place = this.#find(key);
    if (!place) return null;
    const { state } = place;
    this.#leave(place);
    this.#clearOut();
    return state;
  }

  /** Lets everything wait again, in its place. */
  startOver(): void {
    for (const place of this.#places) place.state = 'waiting';
    this.#firstWaiting = 0;
    this.#firstUpdate = 0;
  }

  #oldestWaiting(): Place<T> | null {
    for (; this.#firstWaiting < this.#places.length; this.#firstWaiting++) {
      const place = this.#places[this.#firstWaiting];
      if (place && isWaiting(place)) return place;
    }
    return null;
  }

  #oldestUpdate(): Place<T> | null {
    for (; this.#firstUpdate < this.#places.length; this.#firstUpdate++) {
      const place = this.#places[this.#firstUpdate];
      if (place?.event.phase === 'update' && isWaiting(place)) return place;
    }
    return null;
  }

  #find(key: number): Place<T> | null {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#places[middle]?.event.key ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    const place = this.#places[low];
    return place?.event.key === key && !place.isGone ? place : null;
  }

  #leave(place: Place<T>): T {
    place.isGone = true;
    this.#size -= 1;
    this.#bytes -= chargeOf(place.event);
    return place.event;
  }

  #clearOut(): void {
    const gone = this.#places.length - this.#size;
    if (gone < MIN_CLEARED || gone * 2 < this.#places.length) return;
    this.#places = this.#places.filter(({ isGone }) => !isGone);
    this.#firstWaiting = 0;
    this.#firstUpdate = 0;
  }
}

function isWaiting({ state, isGone }: Place<QueuedEvent>): boolean {
  return state === 'waiting' && !isGone;
}

function chargeOf({ bytes }: QueuedEvent): number {
  return Math.max(MIN_BYTES, bytes);
}
