import { type BoundingBox, boxArea, intersectionOverUnion } from '../../src/domain/bounding-box.js';

/** An object of a picture; one that is to be ignored is neither demanded nor false when found. */
export interface TrueBox {
  readonly label: string;
  readonly box: BoundingBox;
  readonly isIgnored: boolean;
}

export interface FoundBox {
  readonly label: string;
  readonly box: BoundingBox;
  readonly score: number;
}

/** What is in a picture, and what was found in it. */
export interface JudgedPicture {
  readonly truth: readonly TrueBox[];
  readonly found: readonly FoundBox[];
}

interface Verdict {
  readonly score: number;
  readonly isRight: boolean;
}

const RECALL_POINTS = 101;

/**
 * Average precision of one class as COCO defines it: precision at 101 recalls, each the best at that
 * recall or beyond. Null where there is nothing to find. Source: cocodataset.org/#detection-eval.
 */
export function averagePrecision(
  pictures: readonly JudgedPicture[],
  label: string,
  minIou: number,
): number | null {
  const verdicts = pictures.flatMap((picture) => judge(picture, label, minIou));
  const wanted = pictures
    .flatMap(({ truth }) => truth)
    .filter((object) => object.label === label && !object.isIgnored).length;
  if (wanted === 0) return null;
  verdicts.sort((a, b) => b.score - a.score);
  const points: { recall: number; precision: number }[] = [];
  let right = 0;
  verdicts.forEach(({ isRight }, i) => {
    if (isRight) right += 1;
    points.push({ recall: right / wanted, precision: right / (i + 1) });
  });
  let sum = 0;
  for (let i = 0; i < RECALL_POINTS; i++) {
    const reached = points.filter(({ recall }) => recall >= i / (RECALL_POINTS - 1));
    sum += reached.reduce((best, { precision }) => Math.max(best, precision), 0);
  }
  return sum / RECALL_POINTS;
}

/** Gives each object to the best detection that overlaps it; the highest score chooses first. */
function judge({ truth, found }: JudgedPicture, label: string, minIou: number): Verdict[] {
  const open = new Set(truth.filter((object) => object.label === label && !object.isIgnored));
  const ignored = truth.filter(({ isIgnored }) => isIgnored);
  return found
    .filter((detection) => detection.label === label)
    .sort((a, b) => b.score - a.score)
    .flatMap(({ box, score }): Verdict[] => {
      const [best] = [...open]
        .map((object) => ({ object, iou: intersectionOverUnion(object.box, box) }))
        .filter(({ iou }) => iou >= minIou)
        .sort((a, b) => b.iou - a.iou);
      if (best) {
        open.delete(best.object);
        return [{ score, isRight: true }];
      }
      const isExcused = ignored.some((object) => shareInside(box, object.box) >= minIou);
      return isExcused ? [] : [{ score, isRight: false }];
    });
}

/** How much of a box lies in another. */
function shareInside(box: BoundingBox, around: BoundingBox): number {
  const iou = intersectionOverUnion(box, around);
  const overlap = (iou * (boxArea(box) + boxArea(around))) / (1 + iou);
  return overlap / boxArea(box);
}
