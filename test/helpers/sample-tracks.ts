import type { ModelRef } from '../../src/domain/detector-model.js';
import type { Track } from '../../src/domain/track.js';
import type { TrackEvent } from '../../src/domain/track-event.js';

export const SAMPLE_MODEL: ModelRef = {
  id: 'ssd@0123456789ab',
  name: 'ssd',
  sha256: `0123456789ab${'c'.repeat(52)}`,
};

/** A confirmed, moving person; `fields` say what is different. */
export function sampleTrack(fields: Partial<Track> = {}): Track {
  return {
    id: 1,
    state: 'confirmed',
    label: 'person',
    classId: 0,
    score: 0.75,
    box: { xMin: 0.25, yMin: 0.5, xMax: 0.5, yMax: 1 },
    hits: 5,
    missedFrames: 0,
    firstSeenMs: 1_700_000_000_000,
    lastSeenMs: 1_700_000_002_500,
    firstSeenMonotonicMs: 1_000,
    lastSeenMonotonicMs: 3_500,
    velocity: { xPerS: 0.1, yPerS: -0.05 },
    stationary: false,
    zones: [],
    model: SAMPLE_MODEL,
    ...fields,
  };
}

/** The start of `sampleTrack()`; `fields` say what is different. */
export function sampleEvent(fields: Partial<TrackEvent> = {}): TrackEvent {
  return {
    phase: 'start',
    changed: [],
    track: sampleTrack(),
    zonesEntered: [],
    scoreMedian: 0.7,
    scoreTop: 0.8,
    endedAtMs: null,
    durationMs: 2_500,
    path: [],
    frame: {
      sequence: 42,
      capturedAtMs: 1_700_000_002_500,
      monotonicMs: 3_500.125,
      timestampSource: 'sensor',
      widthPx: 640,
      heightPx: 480,
    },
    timings: { queueMs: 1, preprocessMs: 2.5, inferenceMs: 40.123, postprocessMs: 0.5 },
    model: SAMPLE_MODEL,
    ...fields,
  };
}
