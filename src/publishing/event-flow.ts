import type { EventBacklog, KeptEvent, TakenEvent } from './event-backlog.js';
import type { EventParcel, LiveEvents } from './live-events.js';

/** Between two kept events: two hundred a second hold up nothing that is new. */
const DRAIN_INTERVAL_MS = 5;
/** So many events that the broker does not take are kept elsewhere: it is as good as away. */
const MAX_LIVE = 128;

/** A kept event on its way to the broker. */
export interface KeptParcel {
  readonly kind: 'kept';
  readonly taken: TakenEvent;
}

export interface EventFlowParts {
  readonly live: LiveEvents;
  /** Null: events that are not sent in time are dropped. */
  readonly backlog: EventBacklog | null;
  /** What waits for longer is no news any more. */
  readonly liveWindowMs: number;
  /** Makes of an event what the backlog keeps. */
  readonly keep: (parcel: EventParcel) => KeptEvent;
}

/**
 * The way of events to the broker. While it takes them they go there straight; while it is away,
 * or late, they are kept in the backlog, and follow when it is back. The events of one track stay
 * in order: while some of it are kept, newer ones of it line up behind them.
 */
export class EventFlow {
  readonly #live: LiveEvents;
  readonly #backlog: EventBacklog | null;
  readonly #liveWindowMs: number;
  readonly #keep: EventFlowParts['keep'];
  /** Tracks of this run with events in the backlog, and how many. */
  readonly #keptTracks = new Map<number, number>();
  readonly #trackOf = new Map<string, number>();
  /** Copies in the backlog of live events that are on their way, by the number of the event. */
  readonly #copies = new Map<number, TakenEvent>();
  #isConnected = false;
  #isClosing = false;
  #drainAtMs = 0;

  constructor({ live, backlog, liveWindowMs, keep }: EventFlowParts) {
    this.#live = live;
    this.#backlog = backlog;
    this.#liveWindowMs = liveWindowMs;
    this.#keep = keep;
  }

  /** When `take` may have another kept event, on the clock of `nowMs`; null: not by waiting. */
  get drainAtMs(): number | null {
    const isDue = this.#isConnected && !this.#isClosing && this.#backlog !== null;
    return isDue && this.#backlog.counters.depth > 0 ? this.#drainAtMs : null;
  }

  /** Takes in what has just been pushed to the live events. */
  pushed(): void {
    if (this.#backlog === null) return;
    if (!this.#isConnected) this.#keepAll();
    else if (this.#live.size > MAX_LIVE) this.#keepWaiting(() => true);
    else if (this.#keptTracks.size > 0) this.#keepFollowers();
  }

  startOver(nowMs: number): void {
    this.#isConnected = true;
    this.#live.startOver(nowMs);
    this.#backlog?.startOver();
    if (this.#backlog?.counters.depth === 0) this.#forgetTracks();
  }

  /** The connection has ended: what was not acknowledged is kept. */
  cutOff(): void {
    this.#isConnected = false;
    this.#keepAll();
  }

  /** From now on only what is new goes out; what is kept waits for another run. */
  close(): void {
    this.#isClosing = true;
  }

  take(nowMs: number): EventParcel | KeptParcel | null {
    const oldestMs = nowMs - this.#liveWindowMs;
    if (this.#keepWaiting(({ sinceMs }) => sinceMs < oldestMs)) this.#keepFollowers();
    return this.#live.take(nowMs) ?? this.#takeKept(nowMs);
  }

  acknowledge(parcel: EventParcel | KeptParcel): void {
    if (parcel.kind === 'event') {
      this.#live.acknowledge(parcel);
      this.#acknowledgeCopy(parcel);
      return;
    }
    this.#acknowledgeKept(parcel.taken);
  }

  #acknowledgeKept(taken: TakenEvent): void {
    this.#backlog?.acknowledge(taken);
    if (this.#backlog?.counters.depth === 0) this.#forgetTracks();
    else this.#forget(taken.entry.id);
  }

  #acknowledgeCopy({ seq }: EventParcel): void {
    const copy = this.#copies.get(seq);
    if (copy === undefined) return;
    this.#copies.delete(seq);
    this.#acknowledgeKept(copy);
  }

  #forget(eventId: string): void {
    const track = this.#trackOf.get(eventId);
    if (track === undefined) return;
    this.#trackOf.delete(eventId);
    const left = (this.#keptTracks.get(track) ?? 1) - 1;
    if (left > 0) this.#keptTracks.set(track, left);
    else this.#keptTracks.delete(track);
  }

  #takeKept(nowMs: number): KeptParcel | null {
    if (this.#backlog === null || !this.#isConnected || this.#isClosing) return null;
    if (nowMs < this.#drainAtMs) return null;
    const taken = this.#backlog.take();
    if (taken === null) return null;
    this.#drainAtMs = nowMs + DRAIN_INTERVAL_MS;
    return { kind: 'kept', taken };
  }

  /** All that the broker has not acknowledged. */
  #keepAll(): void {
    if (this.#backlog === null) return;
    for (const parcel of this.#live.giveUpAll()) {
      if (!this.#copies.has(parcel.seq)) this.#append(parcel);
    }
    this.#copies.clear();
  }

  /**
   * Of what waits. What is on its way stays: the broker may have it already. But if it does not
   * arrive it has to go before those that are kept now, so it gets its place before them.
   * @returns whether there was any.
   */
  #keepWaiting(which: (parcel: EventParcel) => boolean): boolean {
    if (this.#backlog === null) return false;
    const given = this.#live.giveUpWaiting(which);
    if (given.length === 0) return false;
    const tracks = new Set(given.map(({ event }) => event.track.id));
    for (const parcel of this.#live.onTheirWay) {
      if (tracks.has(parcel.event.track.id) && !this.#copies.has(parcel.seq)) this.#copy(parcel);
    }
    for (const parcel of given) this.#append(parcel);
    return true;
  }

  /** What has older events of its track in the backlog. */
  #keepFollowers(): void {
    this.#keepWaiting(({ event }) => this.#keptTracks.has(event.track.id));
  }

  #append(parcel: EventParcel): void {
    this.#noteTrack(parcel);
    void this.#backlog?.append(this.#keep(parcel));
  }

  #copy(parcel: EventParcel): void {
    const copy = this.#backlog?.appendTaken(this.#keep(parcel));
    if (copy === undefined) return;
    this.#noteTrack(parcel);
    this.#copies.set(parcel.seq, copy);
  }

  #noteTrack({ id, event }: EventParcel): void {
    const track = event.track.id;
    this.#keptTracks.set(track, (this.#keptTracks.get(track) ?? 0) + 1);
    this.#trackOf.set(id, track);
  }

  /** Events that the backlog has dropped are never acknowledged. */
  #forgetTracks(): void {
    this.#keptTracks.clear();
    this.#trackOf.clear();
  }
}
