import type { BoundingBox } from './bounding-box.js';
import type { ModelRef } from './detector-model.js';
import type { FrameInfo } from './frame.js';

/** One object that a detector found in one frame. */
export interface Detection {
  readonly label: string;
  /** Index that the model gave, counted from 0 without a background class. */
  readonly classId: number;
  /** Confidence, 0..1. */
  readonly score: number;
  readonly box: BoundingBox;
}

/** Where a frame's time went between capture and result, in ms. */
export interface StageTimings {
  /** Waiting for the detector, with the way to its thread and back. */
  readonly queueMs: number;
  readonly preprocessMs: number;
  readonly inferenceMs: number;
  readonly postprocessMs: number;
}

/** Everything one model found in one frame; an empty list is a result, a failure never is. */
export interface FrameDetections {
  readonly frame: FrameInfo;
  readonly model: ModelRef;
  readonly timings: StageTimings;
  readonly detections: readonly Detection[];
}
