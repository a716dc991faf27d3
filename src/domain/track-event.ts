import type { StageTimings } from './detection.js';
import type { ModelRef } from './detector-model.js';
import type { FrameInfo } from './frame.js';
import type { Point } from './point.js';
import type { Track } from './track.js';

/** Where a picture is published, and which of those there it is. */
export interface ImageRef {
  readonly topic: string;
  readonly seq: number;
}

/** What made an `update` worth telling. */
export type TrackChange = 'score' | 'stationary' | 'zones';

/** A step in the life of a followed object: one `start`, any number of `update`, one `end`. */
export interface TrackEvent {
  readonly phase: 'start' | 'update' | 'end';
  /** Empty unless the phase is `update`. */
  readonly changed: readonly TrackChange[];
  readonly track: Track;
  /** Zones that it has entered since the last event of this track, in order. */
  readonly zonesEntered: readonly string[];
  /** Median and highest score over the life of the track, 0..1. */
  readonly scoreMedian: number;
  readonly scoreTop: number;
  /** Unix ms of the last sight; null unless the phase is `end`. */
  readonly endedAtMs: number | null;
  /** From first to last sight on the frame's clock. */
  readonly durationMs: number;
  /** Centres of the box over the whole life, at most 32; empty unless the phase is `end`. */
  readonly path: readonly Point[];
  /** The frame that the step was noticed on, and where its time went. */
  readonly frame: FrameInfo;
  readonly timings: StageTimings;
  /** The model that made the track's last detection. */
  readonly model: ModelRef;
  /** The best picture of the track so far; absent where none was taken. */
  readonly image?: ImageRef;
}
