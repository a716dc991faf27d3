import type { FrameDetections } from '../domain/detection.js';
import type { Track } from '../domain/track.js';
import type { TrackEvent } from '../domain/track-event.js';
import { type Moment, TrackRecord } from './track-record.js';
import type { EventLog } from './tracker.js';

/** How often a living track is told of. */
export interface TrackEventsOptions {
  /** Least time, on the frame's clock, between a track's start or update and its next update. */
  readonly updateIntervalMs: number;
}

/**
 * The life cycle of tracks as events. A track that was never confirmed leaves no event; an update
 * is told only when the track has come to rest or moved off, entered or left a zone, or its best
 * score has risen by a band of 0.1, compared with what was told last. Keeps as many records as there are tracks.
 */
export class TrackEvents implements EventLog {
  readonly #updateIntervalMs: number;
  readonly #records = new Map<number, TrackRecord>();
  #moment: Moment | undefined;

  constructor(options: TrackEventsOptions) {
    this.#updateIntervalMs = options.updateIntervalMs;
  }

  /** Ends come first, so that an observer who counts never counts too many. */
  update(tracks: readonly Track[], { frame, timings }: FrameDetections): readonly TrackEvent[] {
    const moment = { frame, timings };
    this.#moment = moment;
    const living = new Set(tracks.map(({ id }) => id));
    const ended = [...this.#records.keys()].filter((id) => !living.has(id));
    const events = this.#end(ended, moment);
    for (const track of tracks) {
      const record = this.#records.get(track.id) ?? new TrackRecord(track);
      this.#records.set(track.id, record);
      record.observe(track);
      const event = record.news(moment, this.#updateIntervalMs);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  endAll(): readonly TrackEvent[] {
    return this.#moment === undefined ? [] : this.#end([...this.#records.keys()], this.#moment);
  }

  #end(ids: readonly number[], moment: Moment): TrackEvent[] {
    const events: TrackEvent[] = [];
    for (const id of ids) {
      const event = this.#records.get(id)?.end(moment);
      if (event !== undefined) events.push(event);
      this.#records.delete(id);
    }
    return events;
  }
}
