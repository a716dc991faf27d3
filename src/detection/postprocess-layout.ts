import type { BoundingBox } from '../domain/bounding-box.js';
import type { PostProcessLayout } from '../domain/detector-model.js';
import type { TensorView } from './interpreter.js';

/** A detection before labels, its box in fractions of the model's input. */
export interface RawDetection {
  readonly classId: number;
  readonly score: number;
  readonly box: BoundingBox;
}

/**
 * Reads the four outputs of the operator TFLite_Detection_PostProcess: boxes [1, N, 4] as yMin,
 * xMin, yMax, xMax; classes [1, N] without background; scores [1, N]; and how many of the N are
 * valid. Slots past that count hold garbage and are not looked at.
 */
export function readPostProcess(
  outputs: readonly TensorView[],
  layout: PostProcessLayout,
  minScore: number,
): RawDetection[] {
  const boxes = dataOf(outputs, layout.boxesIndex);
  const classes = dataOf(outputs, layout.classesIndex);
  const scores = dataOf(outputs, layout.scoresIndex);
  const valid = Math.min(dataOf(outputs, layout.countIndex)[0] ?? 0, scores.length);
  const detections: RawDetection[] = [];
  for (let i = 0; i < valid; i++) {
    const score = scores[i] ?? 0;
    const classId = classes[i] ?? -1;
    // Written so that NaN fails every one of them.
    if (!(score >= minScore && score <= 1 && classId >= 0)) continue;
    const [yMin = 0, xMin = 0, yMax = 0, xMax = 0] = boxes.subarray(i * 4, i * 4 + 4);
    if (!(xMax > xMin && yMax > yMin)) continue;
    detections.push({ classId, score, box: { xMin, yMin, xMax, yMax } });
  }
  return detections;
}

/**
 * Checks that an interpreter's outputs are what the layout needs; to be called once after loading.
 * @throws Error naming the output that does not fit.
 */
export function checkPostProcess(outputs: readonly TensorView[], layout: PostProcessLayout): void {
  const count = dataOf(outputs, layout.scoresIndex).length;
  const lengths = [
    ['boxes', layout.boxesIndex, count * 4],
    ['classes', layout.classesIndex, count],
    ['count', layout.countIndex, 1],
  ] as const;
  for (const [name, index, expected] of lengths) {
    const { length } = dataOf(outputs, index);
    if (length !== expected) {
      throw new Error(`its output "${name}" has ${length} values, expected ${expected}`);
    }
  }
}

function dataOf(outputs: readonly TensorView[], index: number): Float32Array {
  const data = outputs[index]?.data;
  if (data instanceof Float32Array) return data;
  throw new Error(
    `its output ${index} is ${data?.constructor.name ?? 'missing'}, expected float32`,
  );
}
