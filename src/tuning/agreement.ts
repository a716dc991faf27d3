import type { TensorData } from '../detection/interpreter.js';
import { type RawDetection, readPostProcess } from '../detection/postprocess-layout.js';
import { intersectionOverUnion } from '../domain/bounding-box.js';
import type { OutputLayout, PostProcessLayout } from '../domain/detector-model.js';
import type { TrialOutputs } from './trial-protocol.js';

/** A detection counts from here on. */
const STRONG_SCORE = 0.5;
/** Its counterpart may be this much weaker or stronger: kernels differ by up to 0.08. */
const MAX_SCORE_DIFFERENCE = 0.2;
const MIN_IOU = 0.6;
/** Part of the strong detections that may be without a counterpart: those near a threshold. */
const MAX_LOST = 0.1;
/** Root of the mean square of differences, in parts of the range of the values. */
const MAX_RAW_ERROR = 0.05;

/**
 * Why a way of running a model does not agree with the reference on the same pictures, in one
 * sentence; null when it does. Detections are compared where they are understood, otherwise the
 * plain values of all outputs.
 */
export function disagreement(
  reference: readonly TrialOutputs[],
  candidate: readonly TrialOutputs[],
  layout: OutputLayout | null,
): string | null {
  if (reference.length !== candidate.length) return 'it answered another number of pictures';
  return layout === null
    ? rawDisagreement(reference, candidate)
    : detectionDisagreement(reference, candidate, layout);
}

function detectionDisagreement(
  reference: readonly TrialOutputs[],
  candidate: readonly TrialOutputs[],
  layout: PostProcessLayout,
): string | null {
  let strong = 0;
  let lost = 0;
  for (const [i, outputs] of reference.entries()) {
    const expected = detectionsOf(outputs, layout);
    const found = detectionsOf(candidate[i] ?? [], layout);
    const apart = rankedScoreDifference(expected, found);
    if (apart > MAX_SCORE_DIFFERENCE) {
      return `its scores are up to ${apart.toFixed(2)} away from those of the original`;
    }
    for (const [these, those] of [
      [expected, found],
      [found, expected],
    ] as const) {
      const counting = these.filter(({ score }) => score >= STRONG_SCORE);
      strong += counting.length;
      lost += counting.filter((detection) => !hasCounterpart(detection, those)).length;
    }
  }
  if (lost <= Math.max(1, strong * MAX_LOST)) return null;
  return `${lost} of ${strong} detections have no counterpart in the original, or it has none in them`;
}

function detectionsOf(outputs: TrialOutputs, layout: PostProcessLayout): RawDetection[] {
  const views = outputs.map((data) => ({ name: '', shape: [], data }));
  return readPostProcess(views, layout, 0);
}

/** Greatest difference between the n-th best scores of both, whatever they were given to. */
function rankedScoreDifference(a: readonly RawDetection[], b: readonly RawDetection[]): number {
  const ranked = (detections: readonly RawDetection[]): number[] =>
    detections.map(({ score }) => score).sort((x, y) => y - x);
  const [scoresA, scoresB] = [ranked(a), ranked(b)];
  const differences = Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
    Math.abs((scoresA[i] ?? 0) - (scoresB[i] ?? 0)),
  );
  return Math.max(0, ...differences);
}

function hasCounterpart(detection: RawDetection, others: readonly RawDetection[]): boolean {
  return others.some(
    ({ classId, score, box }) =>
      classId === detection.classId &&
      Math.abs(score - detection.score) <= MAX_SCORE_DIFFERENCE &&
      intersectionOverUnion(box, detection.box) >= MIN_IOU,
  );
}

function rawDisagreement(
  reference: readonly TrialOutputs[],
  candidate: readonly TrialOutputs[],
): string | null {
  for (const [i, outputs] of reference.entries()) {
    for (const [k, expected] of outputs.entries()) {
      const error = relativeError(expected, candidate[i]?.[k]);
      // Written so that NaN fails.
      if (!(error <= MAX_RAW_ERROR)) {
        return `its output ${k} is ${(error * 100).toFixed(1)} % away from that of the original`;
      }
    }
  }
  return null;
}

function relativeError(expected: TensorData, found: TensorData | undefined): number {
  if (found?.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [min, max, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const [i, value] of expected.entries()) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    squares += (value - (found[i] ?? Number.NaN)) ** 2;
  }
  if (squares === 0) return 0;
  return Math.sqrt(squares / expected.length) / (max - min);
}
