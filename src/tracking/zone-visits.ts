import type { BoundingBox } from '../domain/bounding-box.js';
import type { Point } from '../domain/point.js';
import type { Zone, ZoneVisit } from '../domain/zone.js';
import { distanceToEdge, isInside } from './polygon.js';

/** Part of its height by which an object must be beyond a zone's edge to have left it. */
const LEAVING_SLACK = 0.05;

/** What the frame cuts off stands in a zone that ends at the frame's edge. */
const FRAME_EDGE = 1e-6;

interface Stays {
  isInside: boolean;
  entries: number;
  dwellMs: number;
}

/**
 * Which zones one object is in, by the middle of the bottom edge of its box: where it stands. The
 * first sighting counts at once; afterwards the object has changed sides only when two sightings in
 * a row say so, and left only when it is clearly outside, so that neither one wrong box nor a
 * jittering one flaps. Holds one entry per zone.
 */
export class ZoneVisits {
  /** The zone entered last at the end. */
  readonly #stays = new Map<string, Stays>();
  /** Zones of which the last sighting spoke against what holds. */
  readonly #doubted = new Set<string>();
  #seenAtMs: number | undefined;

  get visits(): readonly ZoneVisit[] {
    return Array.from(this.#stays, ([zone, stays]) => ({ zone, ...stays }));
  }

  /** Takes in a sighting; `atMs`, on the frame's clock, is not before the last one. */
  see(box: BoundingBox, zones: readonly Zone[], atMs: number): void {
    const elapsedMs = this.#seenAtMs === undefined ? 0 : atMs - this.#seenAtMs;
    const isFirst = this.#seenAtMs === undefined;
    const slack = LEAVING_SLACK * Math.max(0, box.yMax - box.yMin);
    const foot = footOf(box);
    for (const { id, points } of zones) {
      const stays = this.#stays.get(id);
      const wasInside = stays?.isInside ?? false;
      if (stays?.isInside) stays.dwellMs += elapsedMs;
      if (isIn(foot, points, wasInside ? slack : 0) === wasInside) this.#doubted.delete(id);
      else if (isFirst || this.#doubted.has(id)) this.#change(id, stays);
      else this.#doubted.add(id);
    }
    this.#seenAtMs = atMs;
  }

  /** The zone has never been visited. */
  forget(id: string): void {
    this.#stays.delete(id);
    this.#doubted.delete(id);
  }

  #change(id: string, stays: Stays | undefined): void {
    this.#doubted.delete(id);
    if (stays?.isInside) {
      stays.isInside = false;
      return;
    }
    this.#stays.delete(id);
    const { entries, dwellMs } = stays ?? { entries: 0, dwellMs: 0 };
    this.#stays.set(id, { isInside: true, entries: entries + 1, dwellMs });
  }
}

function isIn(foot: Point, polygon: readonly Point[], slack: number): boolean {
  return isInside(foot, polygon) || (slack > 0 && distanceToEdge(foot, polygon) <= slack);
}

function footOf({ xMin, xMax, yMax }: BoundingBox): Point {
  return { x: withinFrame((xMin + xMax) / 2), y: withinFrame(yMax) };
}

function withinFrame(value: number): number {
  return Math.min(1 - FRAME_EDGE, Math.max(FRAME_EDGE, value));
}
