import type { Point } from './point.js';

/** A part of the picture in which objects are told of separately. */
export interface Zone {
  /** Matches SLUG_PATTERN. */
  readonly id: string;
  /** Corners, 3 to 32. Where edges cross, the even-odd rule says what is inside. */
  readonly points: readonly Point[];
  /** Labels that count in it; all when empty. */
  readonly labels: readonly string[];
}

/** How an object and a zone stand that it is in or has been in. */
export interface ZoneVisit {
  readonly zone: string;
  readonly isInside: boolean;
  /** How often it came in, at least 1. */
  readonly entries: number;
  /** Time inside, all stays together, on the frame's clock. */
  readonly dwellMs: number;
}

/** Whether objects with this label count in the zone. */
export function countsInZone(label: string, { labels }: Pick<Zone, 'labels'>): boolean {
  return labels.length === 0 || labels.includes(label);
}
