import type { TrackEvent } from '../domain/track-event.js';

/** An event on its way to the broker. */
export interface EventParcel {
  readonly kind: 'event';
  readonly event: TrackEvent;
  readonly id: string;
  /** Counts all events from 1, those that are dropped too: a gap tells the consumer of the loss. */
  readonly seq: number;
  /** When it happened, on the monotonic clock. */
  readonly sinceMs: number;
}

/** Events that were never acknowledged, by the reason they were given up. */
export interface DroppedEvents {
  readonly queueFull: number;
  readonly tooOld: number;
}

/** Bounds of the list. */
export interface LiveEventLimits {
  /** Events kept, those that the broker has not acknowledged included; the oldest goes first. */
  readonly maxEvents: number;
  /** Older events are history, not news, and are dropped. */
  readonly maxAgeMs: number;
}

/**
 * Events that the broker has not acknowledged yet, in the order they happened. Times are on the
 * monotonic clock, in ms.
 */
export class LiveEvents {
  readonly #limits: LiveEventLimits;
  #waiting: EventParcel[] = [];
  #onTheirWay: EventParcel[] = [];
  #seq = 0;
  #queueFull = 0;
  #tooOld = 0;

  constructor(limits: LiveEventLimits) {
    this.#limits = limits;
  }

  /** Events kept now. */
  get size(): number {
    return this.#waiting.length + this.#onTheirWay.length;
  }

  /** Events that were handed over and not acknowledged, in order. */
  get onTheirWay(): readonly EventParcel[] {
    return this.#onTheirWay;
  }

  get dropped(): DroppedEvents {
    return { queueFull: this.#queueFull, tooOld: this.#tooOld };
  }

  /** Appends an event under a key that no other has. */
  push(event: TrackEvent, id: string, nowMs: number): void {
    this.#seq += 1;
    this.#dropOld(nowMs);
    this.#waiting.push({ kind: 'event', event, id, seq: this.#seq, sinceMs: nowMs });
    if (this.size > this.#limits.maxEvents) {
      this.#waiting.shift();
      this.#queueFull += 1;
    }
  }

  /** The next event to hand over, or null when none waits. */
  take(nowMs: number): EventParcel | null {
    this.#dropOld(nowMs);
    const parcel = this.#waiting.shift() ?? null;
    if (parcel) this.#onTheirWay.push(parcel);
    return parcel;
  }

  /** Says that the broker has answered for the event. */
  acknowledge(parcel: EventParcel): void {
    this.#onTheirWay = this.#onTheirWay.filter(({ seq }) => seq !== parcel.seq);
  }

  /** Begins a new connection: what was not acknowledged goes out again, in its place. */
  startOver(nowMs: number): void {
    this.#waiting = [...this.#onTheirWay, ...this.#waiting];
    this.#onTheirWay = [];
    this.#dropOld(nowMs);
  }

  /** Gives up what was not acknowledged, in order. */
  giveUpAll(): readonly EventParcel[] {
    const all = [...this.#onTheirWay, ...this.#waiting];
    this.#onTheirWay = [];
    this.#waiting = [];
    return all;
  }

  /** Gives up some of what waits, in order. */
  giveUpWaiting(which: (parcel: EventParcel) => boolean): readonly EventParcel[] {
    if (this.#waiting.length === 0) return [];
    const given = this.#waiting.filter(which);
    if (given.length > 0) this.#waiting = this.#waiting.filter((parcel) => !which(parcel));
    return given;
  }

  #dropOld(nowMs: number): void {
    const fresh = this.#waiting.findIndex(
      ({ sinceMs }) => nowMs - sinceMs <= this.#limits.maxAgeMs,
    );
    const old = fresh === -1 ? this.#waiting.length : fresh;
    if (old > 0) this.#tooOld += this.#waiting.splice(0, old).length;
  }
}
