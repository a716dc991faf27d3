import { join } from 'node:path';
import type { ListenPlace } from '../async/listen.js';
import { EmbeddedBroker } from '../broker/embedded-broker.js';
import { type CameraState, framesWithRetry } from '../camera/camera-retry.js';
import type { FrameSource } from '../camera/frame-source.js';
import { ReplaySource } from '../camera/replay-source.js';
import { RpicamSource } from '../camera/rpicam-source.js';
import type { SourceContext } from '../camera/source-context.js';
import { SyntheticSource } from '../camera/synthetic-source.js';
import type { Config } from '../config/schema.js';
import type { BrokerSecrets } from '../config/secrets.js';
import { placePicture } from '../detection/placement.js';
import { Preprocessor } from '../detection/preprocess.js';
import { TFJS_RUNTIME_VERSION, tfjsBindingFile } from '../detection/tfjs-interpreter.js';
import { WorkerDetector } from '../detection/worker-detector.js';
import type { DetectorModel } from '../domain/detector-model.js';
import type { Frame } from '../domain/frame.js';
import type { FramePool } from '../domain/frame-pool.js';
import type { Picture, PictureSize } from '../domain/picture.js';
import type { Log } from '../log.js';
import { Outbox } from '../outbox/outbox.js';
import { parseBrokerUrl } from '../publishing/broker-address.js';
import type { EventBacklog } from '../publishing/event-backlog.js';
import { MqttPublisher } from '../publishing/mqtt-publisher.js';
import type { PublisherCounters } from '../publishing/publisher-counters.js';
import type { Inbox } from '../publishing/publisher-options.js';
import { RetainedManifest } from '../publishing/retained-manifest.js';
import { topicPatterns } from '../publishing/topics.js';
import { IouTracker } from '../tracking/iou-tracker.js';
import { TrackEvents } from '../tracking/track-events.js';
import type { EventLog, Tracker } from '../tracking/tracker.js';

/** Size of the Pi camera's frames and of drawn ones unless the configuration names another. */
const CAMERA_SIZE = { widthPx: 640, heightPx: 480 };

/** How publishing goes. */
export type MqttCounters = PublisherCounters;

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
 * Starts a broker in this process that lets everyone in.
 * @throws Error when it cannot listen.
 */
export function startOpenBroker(place: ListenPlace, log: Log): Promise<EmbeddedBroker> {
  return EmbeddedBroker.start({ ...place, credentials: null }, log);
}

/**
 * Starts the broker in this process that the configuration asks for; null where it does not.
 * @throws Error when it cannot listen.
 */
export async function startConfiguredBroker(
  { mqtt }: Pick<Config, 'mqtt'>,
  { password }: BrokerSecrets,
  log: Log,
): Promise<EmbeddedBroker | null> {
  if (!mqtt.embedded) return null;
  const { host, port } = parseBrokerUrl(mqtt.url);
  const { username } = mqtt;
  const credentials = username === null ? null : { username, password: password ?? '' };
  return await EmbeddedBroker.start({ host, port, tries: 1, credentials }, log);
}

/** What publishing needs of the process. */
export interface PublishingPlace {
  readonly bootId: string;
  /** Where the process keeps what it finds out. */
  readonly stateDir: string;
  /** Who gets what comes in. */
  readonly inbox: Inbox;
  /** Where events are kept while the broker is away, the publisher's from now on. */
  readonly backlog: EventBacklog;
}

/**
 * Opens the outbox, and reads what an earlier run has left in it.
 * @param onChange is called when it may have something to take again, or `problem` is another.
 */
export async function startOutbox(
  { mqtt }: Pick<Config, 'mqtt'>,
  stateDir: string,
  onChange: () => void,
  log: Log,
): Promise<Outbox> {
  const options = {
    folder: join(stateDir, 'outbox'),
    maxBytes: mqtt.outbox_max_mb * 2 ** 20,
    maxAgeMs: mqtt.outbox_max_age_h * 3_600_000,
    onChange,
  };
  return await Outbox.start(options, log);
}

/** Begins to connect to the broker. */
export function startPublisher(
  config: Pick<Config, 'node' | 'camera' | 'mqtt'>,
  secrets: BrokerSecrets,
  { bootId, stateDir, inbox, backlog }: PublishingPlace,
  log: Log,
): MqttPublisher {
  const { mqtt, node, camera } = config;
  return MqttPublisher.start(
    {
      url: mqtt.url,
      username: mqtt.username,
      password: secrets.password,
      clientId: mqtt.client_id ?? `lookout-${node}-${camera.id}`,
      protocol: mqtt.protocol,
      tls: {
        caPem: secrets.caPem,
        clientCertificate: secrets.clientCertificate,
        serverName: mqtt.server_name,
      },
      baseTopic: mqtt.base,
      nodeId: node,
      cameraId: camera.id,
      bootId,
      eventTtlS: mqtt.event_ttl_s,
      historyTtlS: mqtt.history_ttl_s,
      liveWindowMs: mqtt.live_window_s * 1000,
      backlog,
      manifest: new RetainedManifest(join(stateDir, 'retained-topics.json'), log),
      inbox,
      preamble: null,
    },
    log,
  );
}

/** Topics that this configuration publishes to, with `{label}` for the slug of a label. */
export function publishedTopics({
  mqtt,
  node,
  camera,
}: Pick<Config, 'node' | 'camera' | 'mqtt'>): readonly string[] {
  return topicPatterns({ base: mqtt.base, node, camera: camera.id });
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
