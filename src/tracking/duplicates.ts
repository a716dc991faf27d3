import { type BoundingBox, boxArea, intersectionOverUnion } from '../domain/bounding-box.js';

/** Detectors merge boxes of one class above an IoU of about 0.6: what overlaps less comes twice. */
const SAME_OBJECT_IOU = 0.4;

/** A box that lies inside another to this part shows a part of it, or the two of it and more. */
const SAME_OBJECT_CONTAINMENT = 0.8;

/** A contained box smaller than this part of the other is not a part but something further away. */
const LEAST_AREA_RATIO = 0.2;

/** Whether two boxes of one label, from one frame, probably show one object. */
export function showSameObject(a: BoundingBox, b: BoundingBox): boolean {
  const iou = intersectionOverUnion(a, b);
  if (iou >= SAME_OBJECT_IOU) return true;
  const areaA = boxArea(a);
  const areaB = boxArea(b);
  const smaller = Math.min(areaA, areaB);
  const overlap = (iou * (areaA + areaB)) / (1 + iou);
  return (
    overlap > SAME_OBJECT_CONTAINMENT * smaller &&
    smaller > LEAST_AREA_RATIO * Math.max(areaA, areaB)
  );
}
