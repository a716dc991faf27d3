import type { FrameSource } from '../camera/frame-source.js';
import type { Config } from '../config/schema.js';
import type { Detector } from '../detection/detector.js';
import type { FramePool } from '../domain/frame-pool.js';
import type { ScoreThresholds } from '../domain/score-thresholds.js';
import { FrameMeter } from '../health/frame-meter.js';
import type { Log } from '../log.js';
import { Pipeline } from '../pipeline/pipeline.js';
import type { Publisher } from '../publishing/publisher.js';
import type { ZoneSwitches } from '../tracking/tracker.js';
import { startCameraWatch } from './camera-watching.js';
import { FrameObserver, type FrameObserverParts } from './frame-observer.js';
import { type Motion, startMotion } from './motion-wiring.js';
import type { Streams } from './stream-wiring.js';
import { createTracking, steadyCamera } from './wiring.js';

/** What frames come from, go through and end up at, and who looks on. */
export interface PathParts extends Omit<FrameObserverParts, 'meter' | 'camera'> {
  readonly config: Pick<Config, 'queue' | 'motion' | 'tracking' | 'zones'>;
  readonly source: FrameSource;
  readonly pool: FramePool;
  readonly detector: Detector;
  readonly thresholds: ScoreThresholds;
  readonly streams: Pick<Streams, 'telling'>;
  readonly publisher: Publisher;
  readonly tell: Publisher['setState'];
}

/** A pipeline, and what of its parts is looked at or acted upon. */
export interface WiredPipeline extends Disposable {
  readonly pipeline: Pipeline;
  readonly motion: Motion;
  readonly observer: FrameObserver;
  readonly meter: FrameMeter;
  readonly zones: ZoneSwitches;
  /** See `SteadyCamera`. */
  readonly restartCamera: (signal: AbortSignal) => Promise<void>;
}

/**
 * Puts the path of a frame together. No frame comes before the pipeline runs, but from now on it is
 * told how the camera fares, until disposal.
 */
export function wirePipeline(parts: PathParts, log: Log): WiredPipeline {
  const { config, source, pool, detector, thresholds, streams, publisher, tell } = parts;
  const motion = startMotion(config, tell);
  const cameraState = startCameraWatch(tell);
  const meter = new FrameMeter();
  const observer = new FrameObserver({ ...parts, meter, camera: cameraState.watch });
  const camera = steadyCamera(source, log, (state) => {
    observer.cameraState(state);
    motion.cameraChanged();
  });
  const { tracker, events } = createTracking(config, thresholds);
  const pipeline = new Pipeline({
    frames: camera.frames,
    pacing: source.pacing,
    queue: { capacity: config.queue.capacity, maxAgeMs: config.queue.max_age_ms },
    pool,
    gate: motion.gate,
    detector,
    tracker: streams.telling(tracker),
    events,
    publisher,
    observer,
  });
  const restartCamera = (signal: AbortSignal): Promise<void> => {
    observer.cameraRestartAsked();
    return camera.restart(signal);
  };
  const dispose = (): void => cameraState[Symbol.dispose]();
  return {
    ...{ pipeline, motion, observer, meter, zones: tracker, restartCamera },
    [Symbol.dispose]: dispose,
  };
}
