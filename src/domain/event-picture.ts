import type { TrackEvent } from './track-event.js';

/** A picture as it is published. */
export interface Jpeg {
  readonly bytes: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A picture that was taken for an event. */
export interface EventPicture {
  readonly jpeg: Jpeg;
  /** Counts the pictures from 1. */
  readonly seq: number;
  readonly event: TrackEvent;
  /** Id of the message that tells the event. */
  readonly eventId: string;
}
