import type { Point } from '../domain/point.js';

/**
 * Whether the point is inside the polygon by the even-odd rule: a ray from it crosses the edges an
 * odd number of times (M. Shimrat, "Algorithm 112: Position of point relative to polygon", 1962).
 */
export function isInside({ x, y }: Point, polygon: readonly Point[]): boolean {
  let inside = false;
  let from = polygon.at(-1);
  for (const to of polygon) {
    if (from !== undefined && from.y > y !== to.y > y) {
      const crossing = to.x + ((from.x - to.x) * (y - to.y)) / (from.y - to.y);
      if (x < crossing) inside = !inside;
    }
    from = to;
  }
  return inside;
}

/** Distance from the point to the nearest edge; infinite for a polygon without corners. */
export function distanceToEdge(point: Point, polygon: readonly Point[]): number {
  let nearest = Number.POSITIVE_INFINITY;
  let from = polygon.at(-1);
  for (const to of polygon) {
    if (from !== undefined) nearest = Math.min(nearest, distanceToSegment(point, from, to));
    from = to;
  }
  return nearest;
}

function distanceToSegment(point: Point, from: Point, to: Point): number {
  const along = { x: to.x - from.x, y: to.y - from.y };
  const lengthSquared = along.x ** 2 + along.y ** 2;
  const dot = (point.x - from.x) * along.x + (point.y - from.y) * along.y;
  const part = lengthSquared > 0 ? Math.min(1, Math.max(0, dot / lengthSquared)) : 0;
  return Math.hypot(point.x - from.x - part * along.x, point.y - from.y - part * along.y);
}
