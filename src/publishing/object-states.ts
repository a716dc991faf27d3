import { labelSlug } from '../domain/slug.js';
import type { Track } from '../domain/track.js';

/** While an object is in sight, `last_seen` moves on no more often than this. */
const LAST_SEEN_EVERY_MS = 10_000;

/** The label that stands for objects of every kind together. */
const ANY = 'any';

/** How things stand for one label. */
export interface ObjectState {
  readonly kind: 'present';
  readonly slug: string;
  /** Confirmed objects, those that are out of sight but not given up included. */
  readonly count: number;
  /** Those of them that are not stationary. */
  readonly active: number;
  /** Unix ms of the last detection worth telling; null when there was none. */
  readonly lastSeenMs: number | null;
}

/** A label that is no longer known and has no object left: its topics are to be cleared. */
export interface ObjectGone {
  readonly kind: 'gone';
  readonly slug: string;
}

export type ObjectChange = ObjectState | ObjectGone;

interface Tally {
  count: number;
  active: number;
  seenMs: number;
}

/**
 * Counts the living objects of each label and says what has changed. Two labels with the same slug
 * share one state, the sum of both. Holds one entry per known label and per living object's label.
 */
export class ObjectStates {
  #known: ReadonlySet<string> = new Set();
  readonly #states = new Map<string, ObjectState>();
  /** Newest detection per slug, which may be newer than the one that was told. */
  readonly #seenMs = new Map<string, number>();
  /** Of each label that objects had under this model. */
  readonly #slugs = new Map<string, string>();

  /** Takes the labels of a model; those seen for the first time count 0. */
  setLabels(labels: readonly string[]): readonly ObjectChange[] {
    this.#known = new Set([ANY, ...labels.map(labelSlug)]);
    this.#slugs.clear();
    const changes: ObjectChange[] = [];
    for (const name of this.#known) {
      if (!this.#states.has(name)) changes.push(this.#change(name, { count: 0, active: 0 }, null));
    }
    for (const { slug: name, count } of this.#states.values()) {
      if (count === 0 && !this.#known.has(name)) changes.push(this.#forget(name));
    }
    return changes;
  }

  /** Takes all living tracks, tentative ones included; an empty list means that nothing is left. */
  update(tracks: readonly Track[]): readonly ObjectChange[] {
    const tallies = this.#tally(tracks);
    for (const [name, { seenMs }] of tallies) this.#seenMs.set(name, seenMs);

    const changes: ObjectChange[] = [];
    for (const name of new Set([...tallies.keys(), ...this.#occupied()])) {
      const change = this.#compare(name, tallies.get(name) ?? { count: 0, active: 0 });
      if (change !== null) changes.push(change);
    }
    return changes;
  }

  #tally(tracks: readonly Track[]): Map<string, Tally> {
    const tallies = new Map<string, Tally>();
    for (const track of tracks) {
      if (track.state === 'tentative') continue;
      for (const name of [this.#slugOf(track.label), ANY]) {
        const entry = tallies.get(name) ?? { count: 0, active: 0, seenMs: track.lastSeenMs };
        entry.count += 1;
        if (!track.stationary) entry.active += 1;
        entry.seenMs = Math.max(entry.seenMs, track.lastSeenMs);
        tallies.set(name, entry);
      }
    }
    return tallies;
  }

  /** Made once for a label: it is asked for with every frame. */
  #slugOf(label: string): string {
    const known = this.#slugs.get(label);
    if (known !== undefined) return known;
    const made = labelSlug(label);
    this.#slugs.set(label, made);
    return made;
  }

  #compare(name: string, now: Pick<Tally, 'count' | 'active'>): ObjectChange | null {
    if (now.count === 0 && !this.#known.has(name)) return this.#forget(name);
    const before = this.#states.get(name);
    const seenMs = this.#seenMs.get(name) ?? null;
    const countChanged = now.count !== (before?.count ?? 0);
    if (countChanged || isOverdue(before?.lastSeenMs ?? null, seenMs)) {
      return this.#change(name, now, seenMs);
    }
    if (now.active === before?.active) return null;
    return this.#change(name, now, before?.lastSeenMs ?? null);
  }

  #change(
    name: string,
    { count, active }: Pick<Tally, 'count' | 'active'>,
    lastSeenMs: number | null,
  ): ObjectState {
    const state: ObjectState = { kind: 'present', slug: name, count, active, lastSeenMs };
    this.#states.set(name, state);
    return state;
  }

  #forget(name: string): ObjectGone {
    this.#states.delete(name);
    this.#seenMs.delete(name);
    return { kind: 'gone', slug: name };
  }

  #occupied(): string[] {
    return Array.from(this.#states.values())
      .filter(({ count }) => count > 0)
      .map(({ slug: name }) => name);
  }
}

/** Distance in either direction, since the wall clock may step back. */
function isOverdue(toldMs: number | null, seenMs: number | null): boolean {
  if (seenMs === null) return false;
  return toldMs === null || Math.abs(seenMs - toldMs) >= LAST_SEEN_EVERY_MS;
}
