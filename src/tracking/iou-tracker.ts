import type { Detection, FrameDetections } from '../domain/detection.js';
import type { ScoreThresholds } from '../domain/score-thresholds.js';
import type { Track } from '../domain/track.js';
import { showSameObject } from './duplicates.js';
import { FollowedObject } from './followed-object.js';
import { assign, type Candidate, UNASSIGNED } from './matching.js';
import type { Tracker } from './tracker.js';

/** What to follow, and how readily. */
export interface IouTrackerOptions {
  /** Scores from which a detection may start a track, and from which it keeps one alive. */
  readonly thresholds: Pick<ScoreThresholds, 'toStart' | 'toKeep'>;
  /** Detections of at least that score before a track is believed, at least 1. */
  readonly confirmHits: number;
  /** Time out of sight, on the frame's clock, after which a track ends. */
  readonly lostAfterMs: number;
  /** Least overlap of an expected and a detected box to be the same object, 0..1. */
  readonly minIou: number;
  /** Labels to follow; all of them when empty. */
  readonly labels: readonly string[];
}

const MAX_TRACKS = 200;

/** A weak detection is often a part of an object, or two in one box: it must fit at least so well. */
const WEAK_MIN_IOU = 0.3;

/** What has left the frame, or was never believed, ends after this part of `lostAfterMs`. */
const EARLY_LOSS = 0.25;

/**
 * Follows boxes by their overlap with where each object may be. Weak detections keep tracks alive as
 * in Y. Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box" (2022),
 * but all are matched in one round, where the score is part of the gain: a strong box of half an
 * object must not win over a slightly weaker one of the whole.
 *
 * A track keeps its label: a person on a chair or a dog in someone's arms overlaps as much as two
 * readings of one object, and labels are what counts and topics go by. Where a model wavers between
 * two labels both tracks live on, since the weak detections of each keep it alive.
 */
export class IouTracker implements Tracker {
  readonly #options: IouTrackerOptions;
  readonly #labels: ReadonlySet<string>;
  #objects: FollowedObject[] = [];
  #nextId = 1;
  #nowMs = Number.NEGATIVE_INFINITY;
  #refused = 0;

  constructor(options: IouTrackerOptions) {
    this.#options = options;
    this.#labels = new Set(options.labels);
  }

  /** Detections that could not start a track because 200 were already followed. */
  get refused(): number {
    return this.#refused;
  }

  update(result: FrameDetections): readonly Track[] {
    // A clock that runs backwards is another clock: nothing is known of the time between.
    if (result.frame.monotonicMs < this.#nowMs) this.#objects = [];
    this.#nowMs = result.frame.monotonicMs;

    const wanted = result.detections.filter((detection) => this.#wants(detection));
    this.#begin(this.#match(wanted, result), result);
    this.#dropDuplicates();
    this.#objects = this.#objects.filter((object) => !this.#isGone(object));
    return this.#objects.map((object) => object.snapshot(this.#nowMs));
  }

  reset(): void {
    this.#objects = [];
  }

  #wants({ label, score, box }: Detection): boolean {
    const hasExtent = box.xMax > box.xMin && box.yMax > box.yMin;
    // The detector leaves out what is too weak for every label, which another may allow to be less.
    if (!hasExtent || score < this.#options.thresholds.toKeep(label)) return false;
    return this.#labels.size === 0 || this.#labels.has(label);
  }

  /** Tells each object what became of it; the detections that are nobody's are returned. */
  #match(detections: readonly Detection[], result: FrameDetections): readonly Detection[] {
    const candidates = this.#objects.map((object) => this.#candidates(object, detections));
    const columns = assign(candidates, detections.length);
    const unclaimed = new Set(detections);
    for (const [row, object] of this.#objects.entries()) {
      const detection = detections[columns[row] ?? UNASSIGNED];
      if (detection === undefined) {
        object.miss();
      } else {
        object.see(detection, this.#isStrong(detection), result);
        unclaimed.delete(detection);
      }
    }
    return [...unclaimed];
  }

  /**
   * What each detection would be worth to the object. Of boxes that fit alike the detector's
   * favourite is worth more, and more to the track that is surer of its place.
   */
  #candidates(object: FollowedObject, detections: readonly Detection[]): readonly Candidate[] {
    const overlap = object.overlapAt(this.#nowMs);
    const claim = 1 / (1 + object.unseenMs(this.#nowMs) / 1000);
    const candidates: Candidate[] = [];
    for (const [column, detection] of detections.entries()) {
      if (detection.label !== object.label) continue;
      const iou = overlap(detection.box);
      const gain = claim * iou * detection.score;
      if (iou >= this.#leastIou(detection) && gain > 0) candidates.push({ column, gain });
    }
    return candidates;
  }

  #leastIou(detection: Detection): number {
    const { minIou } = this.#options;
    return this.#isStrong(detection) ? minIou : Math.max(minIou, WEAK_MIN_IOU);
  }

  #isStrong({ label, score }: Detection): boolean {
    return score >= this.#options.thresholds.toStart(label);
  }

  #begin(detections: readonly Detection[], result: FrameDetections): void {
    const strong = detections.filter((detection) => this.#isStrong(detection));
    for (const detection of strong.sort((a, b) => b.score - a.score)) {
      if (this.#objects.some((object) => shows(object, detection))) continue;
      if (this.#objects.length >= MAX_TRACKS) {
        this.#refused += 1;
        continue;
      }
      this.#objects.push(
        new FollowedObject(this.#nextId, this.#options.confirmHits, detection, result),
      );
      this.#nextId += 1;
    }
  }

  /** Of two tracks of one object, the older one is kept; a believed one is never dropped. */
  #dropDuplicates(): void {
    const objects = this.#objects;
    this.#objects = objects.filter((object) => {
      if (object.confirmed || !object.inSight) return true;
      const seen = { label: object.label, box: object.seenBox };
      return !objects.some((other) => other.id < object.id && shows(other, seen));
    });
  }

  #isGone(object: FollowedObject): boolean {
    if (object.inSight) return false;
    const early = !object.confirmed || object.hasLeftFrame(this.#nowMs);
    const limitMs = this.#options.lostAfterMs * (early ? EARLY_LOSS : 1);
    return object.unseenMs(this.#nowMs) > limitMs;
  }
}

/** Whether what was detected is an object that is in sight in the same frame. */
function shows(object: FollowedObject, { label, box }: Pick<Detection, 'label' | 'box'>): boolean {
  return object.inSight && object.label === label && showSameObject(object.seenBox, box);
}
