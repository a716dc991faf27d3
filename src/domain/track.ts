import type { BoundingBox } from './bounding-box.js';
import type { ModelRef } from './detector-model.js';
import type { ZoneVisit } from './zone.js';

/**
 * One object followed over time. `tentative` until it was seen often enough to be believed,
 * `lost` while it is out of sight but may still come back.
 */
export interface Track {
  /** Unique for the life of the process, ascending from 1, never used again. */
  readonly id: number;
  readonly state: 'tentative' | 'confirmed' | 'lost';
  readonly label: string;
  readonly classId: number;
  /** Score of the last detection, 0..1. */
  readonly score: number;
  /** Box of the last detection; while lost, where the object is expected. */
  readonly box: BoundingBox;
  /** Detections that this track was matched with. */
  readonly hits: number;
  /** Frames since the last detection. */
  readonly missedFrames: number;
  /** Unix ms of the first and the last detection. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** The same moments on the frame's monotonic clock, for durations. */
  readonly firstSeenMonotonicMs: number;
  readonly lastSeenMonotonicMs: number;
  /** Speed of the box centre in frame widths and heights per second. */
  readonly velocity: { readonly xPerS: number; readonly yPerS: number };
  /** True when the object has not moved for a while. */
  readonly stationary: boolean;
  /** Zones that it is in or has been in, the one entered last at the end; at most 32. */
  readonly zones: readonly ZoneVisit[];
  /** The model that gave the last detection. */
  readonly model: ModelRef;
}
