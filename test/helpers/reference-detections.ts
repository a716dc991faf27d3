import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { clipToFrame, intersectionOverUnion } from '../../src/domain/bounding-box.js';
import type { Detection } from '../../src/domain/detection.js';
import { noReferenceData, referencePath } from './reference-data.js';

/** What a model is known to find in a picture. */
export interface ReferencePicture {
  /** Path of the picture. */
  readonly file: string;
  readonly name: string;
  /** Boxes are clipped to the frame. */
  readonly detections: readonly Detection[];
}

interface ReferenceFile {
  readonly image: { readonly file: string };
  readonly detections: readonly {
    readonly classIndex: number;
    readonly label: string;
    readonly score: number;
    readonly box: { xmin: number; ymin: number; xmax: number; ymax: number };
  }[];
}

/** Every picture with a reference for the model file `<model>.tflite`; none without the data. */
export function referencePictures(model: string): ReferencePicture[] {
  if (noReferenceData) return [];
  const folder = referencePath('reference');
  const files = readdirSync(folder).filter((name) => name.startsWith(`${model}__`));
  return files.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const { image, detections } = JSON.parse(text) as ReferenceFile;
    return {
      file: referencePath(image.file),
      name: basename(image.file),
      detections: detections.map(({ classIndex, label, score, box }) => ({
        classId: classIndex,
        label,
        score,
        box: clipToFrame({ xMin: box.xmin, yMin: box.ymin, xMax: box.xmax, yMax: box.ymax }),
      })),
    };
  });
}

/** How far a found detection may be from its reference. */
export interface Tolerance {
  readonly iou: number;
  readonly score: number;
}

/** How well the counterpart of a detection fits it. */
export interface Counterpart {
  readonly score: number;
  readonly iou: number;
}

/** Among those of the same label the one that overlaps most; null when there is none. */
export function counterpartOf(
  expected: Detection,
  found: readonly Detection[],
): Counterpart | null {
  const sameLabel = found
    .filter(({ label }) => label === expected.label)
    .map(({ box, score }) => ({ score, iou: intersectionOverUnion(box, expected.box) }));
  return sameLabel.sort((a, b) => b.iou - a.iou)[0] ?? null;
}

/** Why a reference detection counts as missed; null when it was found. */
export function missOf(
  expected: Detection,
  found: readonly Detection[],
  tolerance: Tolerance,
): string | null {
  const best = counterpartOf(expected, found);
  const wanted = `${expected.label} ${expected.score.toFixed(3)}`;
  if (!best) return `${wanted}: no such label`;
  const isClose = Math.abs(best.score - expected.score) <= tolerance.score;
  if (best.iou >= tolerance.iou && isClose) return null;
  return `${wanted}: best has score ${best.score.toFixed(3)}, IoU ${best.iou.toFixed(3)}`;
}
