import type { Track } from '../domain/track.js';
import { countsInZone, type Zone } from '../domain/zone.js';
import { timestamp } from './messages.js';
import { type ObjectChange, ObjectStates } from './object-states.js';
import type { RetainedStates } from './retained-states.js';
import { OBJECT_TOPICS, type Topics, ZONE_TOPICS } from './topics.js';

interface ZoneCounts {
  readonly zone: Zone;
  readonly objects: ObjectStates;
}

/** What is counted per label, in the whole picture and in each zone, as retained topics. */
export class ObjectBoard {
  readonly #states: RetainedStates;
  readonly #topics: Topics;
  readonly #picture = new ObjectStates();
  readonly #zones: readonly ZoneCounts[];

  constructor(states: RetainedStates, topics: Topics, zones: readonly Zone[]) {
    this.#states = states;
    this.#topics = topics;
    this.#zones = zones.map((zone) => ({ zone, objects: new ObjectStates() }));
  }

  /** Takes the labels that objects can have. */
  setLabels(labels: readonly string[]): void {
    this.#tell(this.#picture.setLabels(labels));
    for (const { zone, objects } of this.#zones) {
      const counted = labels.filter((label) => countsInZone(label, zone));
      this.#tellZone(zone.id, objects.setLabels(counted));
    }
  }

  /** Takes all living tracks; an empty list means that nothing is left. */
  setTracks(tracks: readonly Track[]): void {
    this.#tell(this.#picture.update(tracks));
    for (const { zone, objects } of this.#zones) {
      const inside = tracks.filter((track) => isInZone(track, zone.id));
      this.#tellZone(zone.id, objects.update(inside));
    }
  }

  #tell(changes: readonly ObjectChange[]): void {
    const { object } = this.#topics;
    for (const change of changes) {
      const { kind, slug } = change;
      if (kind === 'gone') {
        for (const value of OBJECT_TOPICS) this.#states.clear(object(slug, value));
        continue;
      }
      const { count, active, lastSeenMs } = change;
      this.#states.set(object(slug, 'occupancy'), count > 0 ? 'ON' : 'OFF');
      this.#states.set(object(slug, 'count'), String(count));
      this.#states.set(object(slug, 'active'), String(active));
      if (lastSeenMs !== null) {
        this.#states.set(object(slug, 'lastSeen'), timestamp(lastSeenMs));
      }
    }
  }

  #tellZone(id: string, changes: readonly ObjectChange[]): void {
    const { zone } = this.#topics;
    for (const change of changes) {
      const { kind, slug } = change;
      if (kind === 'gone') {
        for (const value of ZONE_TOPICS) this.#states.clear(zone(id, slug, value));
        continue;
      }
      this.#states.set(zone(id, slug, 'zoneOccupancy'), change.count > 0 ? 'ON' : 'OFF');
      this.#states.set(zone(id, slug, 'zoneCount'), String(change.count));
    }
  }
}

function isInZone({ zones }: Track, id: string): boolean {
  return zones.some(({ zone, isInside }) => isInside && zone === id);
}
