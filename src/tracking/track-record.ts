import type { BoundingBox } from '../domain/bounding-box.js';
import type { FrameDetections } from '../domain/detection.js';
import type { Track } from '../domain/track.js';
import type { TrackChange, TrackEvent } from '../domain/track-event.js';
import type { ZoneVisit } from '../domain/zone.js';
import { SampledPath } from './sampled-path.js';
import { ScoreHistogram } from './score-histogram.js';

/** The frame that a step is noticed on. */
export type Moment = Pick<FrameDetections, 'frame' | 'timings'>;

/** What an observer was told last of a track. */
interface Told {
  readonly atMs: number;
  readonly stationary: boolean;
  readonly scoreBand: number;
  readonly zones: readonly ZoneVisit[];
}

/** What one track has been through, and what of it was told. Bounded however long it lives. */
export class TrackRecord {
  readonly #scores = new ScoreHistogram();
  readonly #path = new SampledPath();
  #track: Track;
  #seenBox: BoundingBox;
  #told: Told | undefined;

  constructor(track: Track) {
    this.#track = track;
    this.#seenBox = track.box;
  }

  /** Takes in the track as it is after a frame. */
  observe(track: Track): void {
    this.#track = track;
    if (track.missedFrames > 0) return;
    const { xMin, yMin, xMax, yMax } = track.box;
    this.#seenBox = track.box;
    this.#scores.add(track.score);
    this.#path.add({ x: (xMin + xMax) / 2, y: (yMin + yMax) / 2 });
  }

  /** The start or update that is due now, if any, counted as told. */
  news(moment: Moment, updateIntervalMs: number): TrackEvent | undefined {
    const told = this.#told;
    const nowMs = moment.frame.monotonicMs;
    if (told === undefined) {
      if (this.#track.state !== 'confirmed') return undefined;
      const event = this.#event('start', moment);
      this.#told = this.#state(nowMs);
      return event;
    }
    if (nowMs - told.atMs < updateIntervalMs) return undefined;
    const state = this.#state(nowMs);
    const changed: TrackChange[] = [];
    if (state.scoreBand > told.scoreBand) changed.push('score');
    if (state.stationary !== told.stationary) changed.push('stationary');
    if (this.#zonesEntered().length > 0 || placesOf(state.zones) !== placesOf(told.zones)) {
      changed.push('zones');
    }
    if (changed.length === 0) return undefined;
    const event = this.#event('update', moment);
    this.#told = state;
    return { ...event, changed };
  }

  /** The end; undefined for a track whose start was never told. Its box is the one last seen. */
  end(moment: Moment): TrackEvent | undefined {
    if (this.#told === undefined) return undefined;
    return {
      ...this.#event('end', moment),
      track: { ...this.#track, box: this.#seenBox },
      endedAtMs: this.#track.lastSeenMs,
      path: this.#path.points,
    };
  }

  #state(atMs: number): Told {
    const scoreBand = Math.floor(this.#scores.top * 10);
    const { stationary, zones } = this.#track;
    return { atMs, stationary, scoreBand, zones };
  }

  #event(phase: TrackEvent['phase'], { frame, timings }: Moment): TrackEvent {
    const track = this.#track;
    return {
      phase,
      changed: [],
      track,
      zonesEntered: this.#zonesEntered(),
      scoreMedian: this.#scores.median,
      scoreTop: this.#scores.top,
      endedAtMs: null,
      durationMs: track.lastSeenMonotonicMs - track.firstSeenMonotonicMs,
      path: [],
      frame,
      timings,
      model: track.model,
    };
  }

  /** What of the zones is news: a message that repeated it would set off automations again. */
  #zonesEntered(): readonly string[] {
    const told = new Map(this.#told?.zones.map(({ zone, entries }) => [zone, entries]));
    return this.#track.zones
      .filter(({ zone, entries }) => entries > (told.get(zone) ?? 0))
      .map(({ zone }) => zone);
  }
}

function placesOf(zones: readonly ZoneVisit[]): string {
  const inside = zones.filter(({ isInside }) => isInside).map(({ zone }) => zone);
  return inside.sort().join(' ');
}
