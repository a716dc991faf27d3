import type { FrameDetections } from '../src/domain/detection.js';
import type { Track } from '../src/domain/track.js';
import type { Zone } from '../src/domain/zone.js';
import type { Tracker } from '../src/tracking/tracker.js';

export const LABELS: readonly string[] = Array.from({ length: 20 }, (_, index) => `kind ${index}`);

/** Five stripes beside each other; who crosses the picture is in each of them for a while. */
export const ZONES: readonly Zone[] = Array.from({ length: 5 }, (_, index) => ({
  id: `stripe_${index}`,
  points: [
    { x: index / 5, y: 0 },
    { x: (index + 1) / 5, y: 0 },
    { x: (index + 1) / 5, y: 1 },
    { x: index / 5, y: 1 },
  ],
  labels: [],
}));

/** Objects of each label that are there at a time, and how long each of them stays. */
const OF_EACH = 2;
const STAY_MS = 12_000;
const MODEL = { id: 'busy@000000000000', name: 'busy', sha256: '0'.repeat(64) };

/**
 * Tracks of a street where much goes on, without pictures: forty objects of twenty kinds that cross
 * five zones, stop half way and are replaced when they leave; their boxes and scores change with
 * every frame.
 */
export class BusyStreet implements Tracker {
  update({ frame }: FrameDetections): readonly Track[] {
    const { monotonicMs, capturedAtMs } = frame;
    return LABELS.flatMap((label, classId) =>
      Array.from({ length: OF_EACH }, (_, which) => {
        const lane = classId * OF_EACH + which;
        // Each lane at another moment, so that something happens all the time.
        const time = monotonicMs + (lane * STAY_MS) / (LABELS.length * OF_EACH);
        const round = Math.floor(time / STAY_MS);
        const begunMs = round * STAY_MS - (time - monotonicMs);
        return object(lane, round, { label, classId }, { monotonicMs, capturedAtMs, begunMs });
      }),
    );
  }

  reset(): void {}
}

interface Kind {
  readonly label: string;
  readonly classId: number;
}

interface Times {
  readonly monotonicMs: number;
  readonly capturedAtMs: number;
  readonly begunMs: number;
}

function object(lane: number, round: number, kind: Kind, times: Times): Track {
  const { monotonicMs, capturedAtMs, begunMs } = times;
  const ageMs = monotonicMs - begunMs;
  const part = ageMs / STAY_MS;
  const isResting = part > 0.4 && part < 0.6;
  const walked = isResting ? 0.4 : part <= 0.4 ? part : part - 0.2;
  const x = 0.02 + 1.2 * walked + 0.002 * Math.sin(monotonicMs / 50 + lane);
  return {
    ...kind,
    id: round * LABELS.length * OF_EACH + lane + 1,
    state: ageMs < 200 ? 'tentative' : 'confirmed',
    score: 0.5 + 0.3 * part + 0.1 * Math.sin(monotonicMs / 300 + lane),
    box: { xMin: x - 0.03, yMin: 0.3, xMax: x + 0.03, yMax: 0.5 + lane / 100 },
    hits: Math.round(ageMs / 66) + 1,
    missedFrames: 0,
    firstSeenMs: capturedAtMs - ageMs,
    lastSeenMs: capturedAtMs,
    firstSeenMonotonicMs: begunMs,
    lastSeenMonotonicMs: monotonicMs,
    velocity: { xPerS: isResting ? 0 : 0.1, yPerS: 0 },
    stationary: isResting,
    zones: [],
    model: MODEL,
  };
}

/** The result of a frame that is now. */
export function frameNow(sequence: number): FrameDetections {
  return {
    frame: {
      sequence,
      capturedAtMs: Date.now(),
      monotonicMs: performance.now(),
      timestampSource: 'read',
      widthPx: 640,
      heightPx: 480,
    },
    model: MODEL,
    timings: { queueMs: 1, preprocessMs: 2, inferenceMs: 30, postprocessMs: 0.1 },
    detections: [],
  };
}
