import { setImmediate as turn } from 'node:timers/promises';
import type { Detector } from '../../src/detection/detector.js';
import type { FrameDetections } from '../../src/domain/detection.js';
import { type Frame, frameInfo } from '../../src/domain/frame.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import type { TrackEvent } from '../../src/domain/track-event.js';
import type { FrameCounts } from '../../src/pipeline/frame-counts.js';
import type { PipelineObserver, PipelineParts } from '../../src/pipeline/pipeline.js';
import type { Publisher, StateUpdate } from '../../src/publishing/publisher.js';
import type { EventLog, Tracker } from '../../src/tracking/tracker.js';
import { makeFrame } from './frames.js';

/** Detections of nothing on a frame. */
export function emptyResult(frame: Frame, queueMs = 0): FrameDetections {
  return {
    frame: frameInfo(frame),
    model: { id: 'none@0', name: 'none', sha256: '0' },
    timings: { queueMs, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 },
    detections: [],
  };
}

/** A detector that finds nothing, after whatever `work` does or throws, one frame after the other. */
export function detectorThat(work: (frame: Frame) => Promise<void>): Detector {
  let before: Promise<unknown> = Promise.resolve();
  return {
    async detect(frame, queuedMs) {
      const working = before.then(() => work(frame));
      before = working.catch(() => {});
      await working;
      return emptyResult(frame, queuedMs);
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Frames 0 to `count` − 1, with `pause` between them, until the signal is aborted. */
export function framesOf(
  count: number,
  pause: () => Promise<unknown> = turn,
): PipelineParts['frames'] {
  return async function* frames(signal) {
    for (let sequence = 0; sequence < count && !signal.aborted; sequence++) {
      yield makeFrame({ sequence });
      await pause();
    }
  };
}

/** A publisher that keeps what it was told. */
export class RecordingPublisher implements Publisher {
  readonly states: StateUpdate[] = [];
  readonly events: TrackEvent[] = [];

  setState(update: StateUpdate): void {
    this.states.push(update);
  }
  publishEvent(event: TrackEvent): string {
    this.events.push(event);
    return String(this.events.length);
  }
  async [Symbol.asyncDispose](): Promise<void> {}
}

export const noTracks: Tracker = { update: () => [], reset() {} };
export const noEvents: EventLog = { update: () => [], endAll: () => [] };
export const nobody: PipelineObserver = {
  frameArrived() {},
  framePassedOver() {},
  detectionPaused() {},
  detectionStarted() {},
  frameDetected() {},
  detectionFailed() {},
};

/** Parts of a pipeline that do nothing, but for those given. */
export function partsOf(wish: Partial<PipelineParts>): PipelineParts {
  return {
    frames: framesOf(0),
    pacing: 'live',
    queue: { capacity: 1, maxAgeMs: 60_000 },
    pool: new FramePool(),
    gate: null,
    detector: detectorThat(async () => {}),
    tracker: noTracks,
    events: noEvents,
    publisher: new RecordingPublisher(),
    observer: nobody,
    ...wish,
  };
}

/** How many frames have ended, whichever way. */
export function endedFrames({ detected, dropped }: FrameCounts): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, detected);
}
