import { type BoundingBox, boxArea, clipToFrame } from '../domain/bounding-box.js';
import type { Detection, FrameDetections } from '../domain/detection.js';
import type { ModelRef } from '../domain/detector-model.js';
import type { FrameInfo } from '../domain/frame.js';
import type { Track } from '../domain/track.js';
import { bufferedIou } from './buffered-iou.js';
import { BoxMotion } from './motion.js';
import { Stillness } from './stillness.js';

/** Less than this part of the last box still expected inside the frame: the object has left. */
const LEFT_FRAME_VISIBLE = 0.5;

/** How far off a box may be, in parts of its size, when the object is out of sight this long. */
const SLACK = 0.5;
const SLACK_MS = 1000;

/** What is known of one object while it is followed; the mutable side of a Track. */
export class FollowedObject {
  readonly id: number;
  readonly label: string;
  readonly #confirmHits: number;
  readonly #firstSeen: FrameInfo;
  readonly #motion: BoxMotion;
  readonly #stillness: Stillness;
  #lastSeen: FrameInfo;
  #detection: Detection;
  #model: ModelRef;
  #hits = 1;
  #strongHits = 1;
  #missedFrames = 0;

  /** Begins with a strong detection; `confirmHits` of them make it believed. */
  constructor(id: number, confirmHits: number, detection: Detection, result: FrameDetections) {
    const { frame, model } = result;
    this.id = id;
    this.label = detection.label;
    this.#confirmHits = confirmHits;
    this.#firstSeen = frame;
    this.#lastSeen = frame;
    this.#detection = detection;
    this.#model = model;
    this.#motion = new BoxMotion(detection.box, frame.monotonicMs);
    this.#stillness = new Stillness(detection.box, frame.monotonicMs);
  }

  /** True from enough strong detections on, for good. */
  get confirmed(): boolean {
    return this.#strongHits >= this.#confirmHits;
  }

  /** True when the newest frame showed it. */
  get inSight(): boolean {
    return this.#missedFrames === 0;
  }

  /** Box of the last detection. */
  get seenBox(): BoundingBox {
    return this.#detection.box;
  }

  /** Time since the last detection; `nowMs` is the monotonic time of the newest frame. */
  unseenMs(nowMs: number): number {
    return nowMs - this.#lastSeen.monotonicMs;
  }

  /**
   * Rates detected boxes, 0..1, by their overlap with the place where the object is if it went on as
   * before or, if that is more, where it was last seen and may have stopped.
   */
  overlapAt(nowMs: number): (box: BoundingBox) => number {
    const slack = SLACK * Math.min(1, this.unseenMs(nowMs) / SLACK_MS);
    const expected = this.#motion.expectedAt(nowMs);
    const seen = this.seenBox;
    return (box) => Math.max(bufferedIou(expected, box, slack), bufferedIou(seen, box, slack));
  }

  /** True when the object is expected to have gone out over the edge of the frame. */
  hasLeftFrame(nowMs: number): boolean {
    const box = this.#motion.expectedAt(nowMs);
    const overEdge = box.xMin <= 0 || box.yMin <= 0 || box.xMax >= 1 || box.yMax >= 1;
    const visible = boxArea(clipToFrame(box));
    return overEdge && visible < LEFT_FRAME_VISIBLE * boxArea(clipToFrame(this.seenBox));
  }

  /** The newest frame showed it; `strong` detections count towards belief. */
  see(detection: Detection, strong: boolean, { frame, model }: FrameDetections): void {
    this.#motion.correct(detection.box, frame.monotonicMs);
    this.#stillness.see(detection.box, frame.monotonicMs);
    this.#lastSeen = frame;
    this.#detection = detection;
    this.#model = model;
    this.#hits += 1;
    if (strong) this.#strongHits += 1;
    this.#missedFrames = 0;
  }

  /** The newest frame did not show it. */
  miss(): void {
    this.#missedFrames += 1;
  }

  /** What others may know and keep. */
  snapshot(nowMs: number): Track {
    const lost = this.confirmed && !this.inSight;
    return {
      id: this.id,
      state: lost ? 'lost' : this.confirmed ? 'confirmed' : 'tentative',
      label: this.label,
      classId: this.#detection.classId,
      score: this.#detection.score,
      box: lost ? clipToFrame(this.#motion.expectedAt(nowMs)) : this.seenBox,
      hits: this.#hits,
      missedFrames: this.#missedFrames,
      firstSeenMs: this.#firstSeen.capturedAtMs,
      lastSeenMs: this.#lastSeen.capturedAtMs,
      firstSeenMonotonicMs: this.#firstSeen.monotonicMs,
      lastSeenMonotonicMs: this.#lastSeen.monotonicMs,
      velocity: this.#motion.velocity,
      stationary: this.#stillness.stationary,
      zones: [],
      model: this.#model,
    };
  }
}
