/** A rectangle in fractions (0..1) of the full frame, origin at the top left. */
export interface BoundingBox {
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
}

/** Area of the box as a fraction of the frame; 0 for an inverted box. */
export function boxArea(box: BoundingBox): number {
  return Math.max(0, box.xMax - box.xMin) * Math.max(0, box.yMax - box.yMin);
}

/** Intersection over union of two boxes, 0 (apart) to 1 (equal); 0 when both are empty. */
export function intersectionOverUnion(a: BoundingBox, b: BoundingBox): number {
  const overlap = boxArea({
    xMin: Math.max(a.xMin, b.xMin),
    yMin: Math.max(a.yMin, b.yMin),
    xMax: Math.min(a.xMax, b.xMax),
    yMax: Math.min(a.yMax, b.yMax),
  });
  const union = boxArea(a) + boxArea(b) - overlap;
  return union > 0 ? overlap / union : 0;
}

/** The part of the box that lies inside the frame. Detectors may place corners outside it. */
export function clipToFrame(box: BoundingBox): BoundingBox {
  return {
    xMin: clamp01(box.xMin),
    yMin: clamp01(box.yMin),
    xMax: clamp01(box.xMax),
    yMax: clamp01(box.yMax),
  };
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
