import type { FrameDetections } from '../domain/detection.js';
import type { Track } from '../domain/track.js';
import { countsInZone, type Zone } from '../domain/zone.js';
import type { Tracker, ZoneSwitches } from './tracker.js';
import { ZoneVisits } from './zone-visits.js';

/**
 * A tracker whose tracks know their zones. While a track is lost it stays in the zones where it was
 * seen last. Holds the visits of living tracks only.
 */
export class ZonedTracker implements Tracker, ZoneSwitches {
  readonly #tracker: Tracker;
  readonly #zones: readonly Zone[];
  #zonesOn: readonly Zone[];
  #visits: ReadonlyMap<number, ZoneVisits> = new Map();

  constructor(tracker: Tracker, zones: readonly Zone[]) {
    this.#tracker = tracker;
    this.#zones = zones;
    this.#zonesOn = zones;
  }

  update(result: FrameDetections): readonly Track[] {
    const tracks = this.#tracker.update(result);
    if (this.#zones.length === 0) return tracks;
    const before = this.#visits;
    this.#visits = new Map(tracks.map(({ id }) => [id, before.get(id) ?? new ZoneVisits()]));
    return tracks.map((track) => this.#withZones(track, result.frame.monotonicMs));
  }

  reset(): void {
    this.#tracker.reset();
    this.#visits = new Map();
  }

  switchZone(id: string, isOn: boolean): void {
    if (!this.#zones.some((zone) => zone.id === id)) {
      const known = this.#zones.map((zone) => zone.id).join(', ') || 'none';
      throw new Error(`Cannot switch zone "${id}": there is no such zone, valid are ${known}`);
    }
    const on = new Set(this.#zonesOn.map((zone) => zone.id));
    if (isOn) on.add(id);
    else on.delete(id);
    this.#zonesOn = this.#zones.filter((zone) => on.has(zone.id));
    if (!isOn) for (const visits of this.#visits.values()) visits.forget(id);
  }

  #withZones(track: Track, nowMs: number): Track {
    const visits = this.#visits.get(track.id);
    if (visits === undefined) return track;
    if (track.missedFrames === 0) {
      const zones = this.#zonesOn.filter((zone) => countsInZone(track.label, zone));
      visits.see(track.box, zones, nowMs);
    }
    return { ...track, zones: visits.visits };
  }
}
