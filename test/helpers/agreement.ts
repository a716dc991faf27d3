import { intersectionOverUnion } from '../../src/domain/bounding-box.js';
import type { Detection } from '../../src/domain/detection.js';
import { percentile } from '../../src/domain/statistics.js';

/** Detections that count, and how near a match has to be. */
const MIN_SCORE = 0.5;
const MIN_IOU = 0.8;
/**
 * A match may have fallen below what counts, down to here: 0.501 beside 0.499 is agreement. What
 * it has fallen is in the score differences.
 */
const MIN_MATCHED_SCORE = 0.4;

/** What was counted over many frames. */
export interface Agreement {
  /** Detections of one side with a score of at least 0.5. */
  readonly detections: number;
  /** Those that the other side has too: same label, IoU at least 0.8, score at least 0.4. */
  readonly matched: number;
  /** Of the matched ones, the absolute differences of the scores. */
  readonly scoreDifferences: readonly number[];
}

/** Counts in one direction: what `reference` sees that `candidate` sees too. */
export class AgreementCount implements Agreement {
  readonly scoreDifferences: number[] = [];
  detections = 0;
  /** One line for each detection that was not matched. */
  readonly misses: string[] = [];

  get matched(): number {
    return this.scoreDifferences.length;
  }

  merge(other: AgreementCount): void {
    this.detections += other.detections;
    this.scoreDifferences.push(...other.scoreDifferences);
    this.misses.push(...other.misses);
  }

  add(reference: readonly Detection[], candidate: readonly Detection[], frame: string): void {
    // Best first, so that of two boxes around one thing each finds its own.
    const left = [...candidate].filter(({ score }) => score >= MIN_MATCHED_SCORE);
    const wanted = reference.filter(({ score }) => score >= MIN_SCORE);
    for (const detection of wanted.toSorted((a, b) => b.score - a.score)) {
      this.detections += 1;
      const best = nearest(detection, left);
      if (best && best.iou >= MIN_IOU) {
        this.scoreDifferences.push(Math.abs(best.found.score - detection.score));
        left.splice(left.indexOf(best.found), 1);
      } else {
        this.misses.push(
          `${frame}: ${text(detection)}, nearest ${nearestText(detection, candidate)}`,
        );
      }
    }
  }
}

/** One line with the figures. */
export function agreementText({ detections, matched, scoreDifferences }: Agreement): string {
  if (detections === 0) return 'nothing with a score of at least 0.5';
  const share = ((100 * matched) / detections).toFixed(2);
  const [p50, p99, max] = [0.5, 0.99, 1].map((p) => percentile(scoreDifferences, p).toFixed(4));
  return `${matched} of ${detections} (${share} %), score difference p50 ${p50} p99 ${p99} max ${max}`;
}

function nearest(
  detection: Detection,
  among: readonly Detection[],
): { readonly found: Detection; readonly iou: number } | undefined {
  return among
    .filter(({ classId }) => classId === detection.classId)
    .map((found) => ({ found, iou: intersectionOverUnion(found.box, detection.box) }))
    .sort((a, b) => b.iou - a.iou)[0];
}

function nearestText(detection: Detection, among: readonly Detection[]): string {
  const best = nearest(detection, among);
  return best ? `${text(best.found)} IoU ${best.iou.toFixed(3)}` : 'none';
}

function text({ label, score }: Detection): string {
  return `${label} ${score.toFixed(3)}`;
}
