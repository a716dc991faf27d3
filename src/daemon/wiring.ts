import { framesWithRetry } from '../camera/camera-retry.js';
import type { CameraState } from '../camera/camera-state.js';
import type { FrameSource } from '../camera/frame-source.js';
import { ReplaySource } from '../camera/replay-source.js';
import { RestartBell } from '../camera/restart-bell.js';
import { RpicamSource } from '../camera/rpicam-source.js';
import type { SourceContext } from '../camera/source-context.js';
import { SyntheticSource } from '../camera/synthetic-source.js';
import type { Config } from '../config/schema.js';
import { zonesOf } from '../config/zone-list.js';
import { placePicture } from '../detection/placement.js';
import { TFJS_RUNTIME_VERSION, tfjsBindingFile } from '../detection/tfjs-interpreter.js';
import { WorkerDetector } from '../detection/worker-detector.js';
import type { DetectorModel } from '../domain/detector-model.js';
import type { Frame } from '../domain/frame.js';
import type { FramePool } from '../domain/frame-pool.js';
import type { PictureSize } from '../domain/picture.js';
import type { ScoreThresholds } from '../domain/score-thresholds.js';
import type { Log } from '../log.js';
import { IouTracker } from '../tracking/iou-tracker.js';
import { TrackEvents } from '../tracking/track-events.js';
import type { EventLog, Tracker, ZoneSwitches } from '../tracking/tracker.js';
import { ZonedTracker } from '../tracking/zoned-tracker.js';

/** Size of the Pi camera's frames and of drawn ones unless the configuration names another. */
const CAMERA_SIZE = { widthPx: 640, heightPx: 480 };

/**
 * Where no watchdog looks on, a stuck worker ends the process after this. Longer than a watchdog
 * takes, whose restart leaves a better trace.
 */
const INFERENCE_TIMEOUT_MS = 60_000;

/** The camera that the configuration names. */
export function createSource(camera: Config['camera'], context: SourceContext): FrameSource {
  const { width, height } = camera;
  const size = width === null || height === null ? null : { widthPx: width, heightPx: height };
  switch (camera.source) {
    case 'rpicam':
      return new RpicamSource(
        { ...(size ?? CAMERA_SIZE), fps: camera.fps, cameraIndex: camera.index },
        context,
      );
    case 'replay':
      return new ReplaySource(
        {
          path: camera.path ?? '',
          pace: camera.pace,
          loop: camera.loop,
          size,
          folderFps: camera.fps,
        },
        async (file, size) => (await pictures()).read(file, size),
        context,
      );
    case 'synthetic':
      return new SyntheticSource(
        {
          ...(size ?? CAMERA_SIZE),
          fps: camera.fps,
          pace: camera.pace,
          seed: camera.seed,
          durationS: camera.duration_s,
        },
        context.pool,
      );
    default:
      throw camera.source satisfies never;
  }
}

/** Frames of a source that is started again whenever it fails. */
export interface SteadyCamera {
  readonly frames: (signal: AbortSignal) => AsyncIterable<Frame>;
  /** See `RestartBell.ring`. */
  readonly restart: (signal: AbortSignal) => Promise<void>;
}

/** Makes a source a steady one. */
export function steadyCamera(
  source: FrameSource,
  log: Log,
  onState: (state: CameraState) => void,
): SteadyCamera {
  const bell = new RestartBell();
  return {
    frames: (signal) => framesWithRetry(source, { log, onState, bell }, signal),
    restart: (signal) => bell.ring(signal),
  };
}

/** A detector that models can be loaded into. */
export type LoadableDetector = WorkerDetector;

/**
 * The runtime that comes with the packages, and where its compiled part is.
 * @throws Error when it is not there.
 */
export function packagedRuntime(): { readonly runtime: string; readonly file: string } {
  return { runtime: `TensorFlow Lite ${TFJS_RUNTIME_VERSION}`, file: tfjsBindingFile() };
}

/** Starts the inference worker; it has no model yet. */
export function startDetector(minScore: () => number, pool: FramePool): WorkerDetector {
  return WorkerDetector.start({ minScore, pool, timeoutMs: INFERENCE_TIMEOUT_MS });
}

/** Tracker and event log that belong together. */
export function createTracking(
  { tracking, zones }: Pick<Config, 'tracking' | 'zones'>,
  thresholds: ScoreThresholds,
): {
  readonly tracker: Tracker & ZoneSwitches;
  readonly events: EventLog;
} {
  const followed = new IouTracker({
    thresholds,
    confirmHits: tracking.confirm_hits,
    lostAfterMs: tracking.lost_after_s * 1000,
    minIou: tracking.min_iou,
    labels: tracking.labels,
  });
  return {
    tracker: new ZonedTracker(followed, zonesOf(zones)),
    events: new TrackEvents({ updateIntervalMs: tracking.update_interval_s * 1000 }),
  };
}

/**
 * What is done with picture files. Loaded when it is needed: the library behind it takes 15 MB,
 * and a camera needs none of it.
 */
export async function pictures() {
  const { annotate } = await import('../images/annotate.js');
  const { pictureSize, readPicture } = await import('../images/read-picture.js');
  return { annotate, size: pictureSize, read: readPicture };
}

/** Size at which a picture fits the model's input as the model wants it. */
export function sizeForModel(size: PictureSize, { input, fit }: DetectorModel): PictureSize {
  return placePicture(size, input, fit);
}
