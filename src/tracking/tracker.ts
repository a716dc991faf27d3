import type { FrameDetections } from '../domain/detection.js';
import type { Track } from '../domain/track.js';
import type { TrackEvent } from '../domain/track-event.js';

/** Follows objects from frame to frame. Synchronous and deterministic: the clock is the frame's. */
export interface Tracker {
  /** Every living track after this frame, tentative and lost ones included, ascending by id. */
  update(result: FrameDetections): readonly Track[];
  /** Forgets everything it follows. */
  reset(): void;
}

/** Zones that can be switched while running; all are on at first. */
export interface ZoneSwitches {
  /**
   * Switches a zone on or off. One that is off has nobody in it; what is in it when it is switched
   * on enters it then.
   * @throws Error when there is no such zone.
   */
  switchZone(id: string, isOn: boolean): void;
}

/** Turns tracks into the life cycle start → update → end. */
export interface EventLog {
  /** What happened on this frame. A track that is no longer in `tracks` has ended. */
  update(tracks: readonly Track[], result: FrameDetections): readonly TrackEvent[];
  /** Ends whatever is still open: nothing is followed any more. */
  endAll(): readonly TrackEvent[];
}
