import { type BoundingBox, intersectionOverUnion } from '../domain/bounding-box.js';

/**
 * Intersection over union, 0..1, of two boxes of which each edge was first moved outwards by `slack`
 * times the box's width or height: boxes that only come near each other count as well. F. Yang et
 * al., "Hard to Track Objects with Irregular Motions and Similar Appearances? Make It Easier by
 * Buffering the Matching Space" (2023).
 */
export function bufferedIou(a: BoundingBox, b: BoundingBox, slack: number): number {
  // Most pairs are far apart, and of a hundred tracks and detections there are ten thousand pairs.
  if (areApart(a, b, slack)) return 0;
  return intersectionOverUnion(enlarged(a, slack), enlarged(b, slack));
}

function areApart(a: BoundingBox, b: BoundingBox, slack: number): boolean {
  const reach = 1 + 2 * slack;
  const x = Math.abs(a.xMin + a.xMax - b.xMin - b.xMax);
  const y = Math.abs(a.yMin + a.yMax - b.yMin - b.yMax);
  return (
    x >= reach * (a.xMax - a.xMin + b.xMax - b.xMin) ||
    y >= reach * (a.yMax - a.yMin + b.yMax - b.yMin)
  );
}

function enlarged(box: BoundingBox, slack: number): BoundingBox {
  const x = slack * (box.xMax - box.xMin);
  const y = slack * (box.yMax - box.yMin);
  return { xMin: box.xMin - x, yMin: box.yMin - y, xMax: box.xMax + x, yMax: box.yMax + y };
}
