import { type CameraState, framesWithRetry } from '../camera/camera-retry.js';
import type { FrameSource } from '../camera/frame-source.js';
import { ReplaySource } from '../camera/replay-source.js';
import { RpicamSource } from '../camera/rpicam-source.js';
import type { SourceContext } from '../camera/source-context.js';
import { SyntheticSource } from '../camera/synthetic-source.js';
import type { Config } from '../config/schema.js';
import { placePicture } from '../detection/placement.js';
import { Preprocessor } from '../detection/preprocess.js';
import { TFJS_RUNTIME_VERSION, tfjsBindingFile } from '../detection/tfjs-interpreter.js';
import { WorkerDetector } from '../detection/worker-detector.js';
import type { DetectorModel } from '../domain/detector-model.js';
import type { Frame } from '../domain/frame.js';
import type { FramePool } from '../domain/frame-pool.js';
import type { Picture, PictureSize } from '../domain/picture.js';
import type { Log } from '../log.js';
import { IouTracker } from '../tracking/iou-tracker.js';
import { TrackEvents } from '../tracking/track-events.js';
import type { EventLog, Tracker } from '../tracking/tracker.js';

/** Size of the Pi camera's frames and of drawn ones unless the configuration names another. */
const CAMERA_SIZE = { widthPx: 640, heightPx: 480 };

/** A model's input into which pixels go unchanged. */
const BYTES_AS_THEY_ARE = {
  scale: 1 / 255,
  zeroPoint: 0,
  normalisation: { mean: 0, std: 255 },
};

/** A weaker detection cannot start a track, but keeps one alive; this part of the threshold. */
const FLOOR_OF_THRESHOLD = 0.6;

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
export function steadyFrames(
  source: FrameSource,
  log: Log,
  onState: (state: CameraState) => void,
): (signal: AbortSignal) => AsyncIterable<Frame> {
  return (signal) => framesWithRetry(source, { log, onState }, signal);
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
export function startDetector(minScore: number, pool: FramePool): WorkerDetector {
  return WorkerDetector.start({ minScore, pool, timeoutMs: INFERENCE_TIMEOUT_MS });
}

/** Score below which detections are of no use to the tracker. */
export function scoreFloor(threshold: number): number {
  return threshold * FLOOR_OF_THRESHOLD;
}

/** Tracker and event log that belong together. */
export function createTracking(config: Pick<Config, 'model' | 'tracking'>): {
  readonly tracker: Tracker;
  readonly events: EventLog;
} {
  const { tracking } = config;
  return {
    tracker: new IouTracker({
      scoreThreshold: config.model.threshold,
      confirmHits: tracking.confirm_hits,
      lostAfterMs: tracking.lost_after_s * 1000,
      minIou: tracking.min_iou,
      labels: tracking.labels,
    }),
    events: new TrackEvents({ updateIntervalMs: tracking.update_interval_s * 1000 }),
  };
}

/** A frame as a JPEG. */
export async function encodeFrame(frame: Frame): Promise<Uint8Array> {
  const { encodeJpeg } = await import('../images/encode-jpeg.js');
  return await encodeJpeg(rgbOf(frame));
}

/** The frame's pixels as rgb24 without padding. */
function rgbOf(frame: Frame): Picture {
  const { widthPx, heightPx } = frame;
  const input = { widthPx, heightPx, dtype: 'uint8', ...BYTES_AS_THEY_ARE } as const;
  const data = new Uint8Array(widthPx * heightPx * 3);
  new Preprocessor(frame, input, 'stretch').run(frame, data);
  return { widthPx, heightPx, data };
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
