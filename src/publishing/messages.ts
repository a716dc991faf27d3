import type { CameraStatePayload } from '../contract/camera-state-schema.js';
import type { ModelPayload } from '../contract/common-schemas.js';
import type { EventPayload } from '../contract/event-schema.js';
import type { EnginePayload, InfoPayload } from '../contract/info-schema.js';
import type { ModelStatePayload } from '../contract/model-state-schema.js';
import type { ModelUpdatePayload } from '../contract/model-update-schema.js';
import { PAYLOAD_VERSION } from '../contract/version.js';
import { type BoundingBox, clipToFrame } from '../domain/bounding-box.js';
import type { CameraCondition } from '../domain/camera-condition.js';
import type { StageTimings } from '../domain/detection.js';
import type { ModelRef } from '../domain/detector-model.js';
import type { MeasuredSetup } from '../domain/engine.js';
import type { FrameInfo } from '../domain/frame.js';
import type { ModelState } from '../domain/model-state.js';
import type { Capabilities, NodeInfo } from '../domain/node-info.js';
import type { Track } from '../domain/track.js';
import type { TrackEvent } from '../domain/track-event.js';

/** What an event message says besides the event itself. */
export interface EventEnvelope {
  readonly id: string;
  readonly seq: number;
  readonly bootId: string;
  readonly node: string;
  readonly camera: string;
  readonly frameId: string;
  readonly queuedMs: number;
  /** Unix ms of handing the message to the network. */
  readonly publishedAtMs: number;
  /** Whether the machine knows the time; null: it does not tell. */
  readonly isClockSynced: boolean | null;
}

/** A moment given in Unix ms as RFC 3339 in UTC with `Z` and milliseconds. */
export function timestamp(unixMs: number): string {
  return new Date(unixMs).toISOString();
}

/** Content of the topic `info`; `protocol` is the MQTT version of the connection it goes out on. */
export function infoPayload(info: NodeInfo, protocol: 4 | 5): InfoPayload {
  const { id, source, zones } = info.camera;
  return {
    v: PAYLOAD_VERSION,
    version: info.version,
    boot_id: info.bootId,
    started_at: timestamp(info.startedAtMs),
    host: info.host,
    cameras: [{ id, source, zones }],
    labels: info.labels,
    model: info.model && modelPayload(info.model),
    engine: enginePayload(info.engine),
    config_hash: info.configHash,
    settings: info.settings.map(({ topic, value, instead }) => ({
      ...{ topic, value },
      configured: instead,
    })),
    capabilities: capabilitiesPayload(info.capabilities),
    protocol,
  };
}

function capabilitiesPayload(can: Capabilities): InfoPayload['capabilities'] {
  const { commands, images, discovery, livePage } = can;
  return { commands, images, discovery, live_page: livePage };
}

/** Content of the topic `model/state`. */
export function modelStatePayload(state: ModelState): ModelStatePayload {
  const { phase, active, previous, candidate, error, sinceMs } = state;
  return {
    v: PAYLOAD_VERSION,
    phase,
    active: active && modelPayload(active),
    previous: previous && modelPayload(previous),
    candidate: candidate && { file: candidate.file },
    error: error && { code: error.code, detail: error.detail },
    since: timestamp(sinceMs),
  };
}

/** Content of the topic `cam/{c}/state`. */
export function cameraStatePayload(condition: CameraCondition): CameraStatePayload {
  const { phase, reason, sinceMs, restarts } = condition;
  return { v: PAYLOAD_VERSION, phase, reason, since: timestamp(sinceMs), restarts };
}

/** Content of the topic `model/update`. */
export function modelUpdatePayload({
  installed,
  latest,
}: Readonly<Record<'installed' | 'latest', string>>): ModelUpdatePayload {
  return { v: PAYLOAD_VERSION, installed_version: installed, latest_version: latest };
}

/** Content of an event message, as docs/mqtt.md describes it. */
export function eventPayload(event: TrackEvent, envelope: EventEnvelope): EventPayload {
  const { track, frame, phase, changed } = event;
  const box = clipToFrame(track.box);
  return {
    v: PAYLOAD_VERSION,
    id: envelope.id,
    seq: envelope.seq,
    boot_id: envelope.bootId,
    node: envelope.node,
    camera: envelope.camera,
    phase,
    changed,
    replayed: false,
    queued_ms: Math.round(envelope.queuedMs),
    object: objectPayload(event),
    box: fractionBox(box),
    box_px: pixelBox(box, frame),
    frame: framePayload(frame, envelope.frameId),
    time: timePayload(frame, envelope),
    latency_ms: latencyPayload(event.timings),
    model: modelPayload(event.model),
    image: event.image ?? null,
  };
}

function objectPayload(event: TrackEvent): EventPayload['object'] {
  const { track, phase, endedAtMs } = event;
  return {
    ...objectFields(track),
    score_median: rounded(event.scoreMedian, 4),
    score_top: rounded(event.scoreTop, 4),
    start: timestamp(track.firstSeenMs),
    end: endedAtMs === null ? null : timestamp(endedAtMs),
    duration_s: rounded(event.durationMs / 1000, 3),
    zones_entered: event.zonesEntered,
    dwell_s: Object.fromEntries(
      track.zones.map(({ zone, dwellMs }) => [zone, rounded(dwellMs / 1000, 3)]),
    ),
    ...(phase === 'end' && {
      path: event.path.map(({ x, y }) => ({ x: rounded(x, 4), y: rounded(y, 4) })),
    }),
  };
}

/** What is told of an object wherever it is told of. */
export function objectFields(track: Track) {
  const { id, label, classId, score, stationary, velocity, zones } = track;
  return {
    track_id: String(id),
    label,
    class_id: classId,
    score: rounded(score, 4),
    stationary,
    velocity: { x: rounded(velocity.xPerS, 4), y: rounded(velocity.yPerS, 4) },
    zones: zones.filter(({ isInside }) => isInside).map(({ zone }) => zone),
  };
}

/** The frame that positions are in. */
export function framePayload(frame: FrameInfo, frameId: string): EventPayload['frame'] {
  return { w: frame.widthPx, h: frame.heightPx, frame_id: frameId };
}

/** The times of a frame and of its message. */
export function timePayload(
  frame: FrameInfo,
  { publishedAtMs, isClockSynced }: Pick<EventEnvelope, 'publishedAtMs' | 'isClockSynced'>,
): EventPayload['time'] {
  return {
    capture: timestamp(frame.capturedAtMs),
    capture_mono_ns: nanoseconds(frame.monotonicMs),
    source: frame.timestampSource,
    clock_synced: isClockSynced,
    published: timestamp(publishedAtMs),
  };
}

function enginePayload(engine: MeasuredSetup): EnginePayload {
  const { name, kernels, form, threads, inferenceMs, cpuMs } = engine;
  return {
    name,
    kernels,
    form,
    threads,
    inference_ms: rounded(inferenceMs, 2),
    cpu_ms: rounded(cpuMs, 2),
  };
}

/** A model as messages name it. */
export function modelPayload(model: ModelRef): ModelPayload {
  return { name: model.name, sha256_12: model.sha256.slice(0, 12) };
}

/** A box in fractions of the frame. */
export function fractionBox(box: BoundingBox): EventPayload['box'] {
  return {
    x: rounded(box.xMin, 4),
    y: rounded(box.yMin, 4),
    w: rounded(Math.max(0, box.xMax - box.xMin), 4),
    h: rounded(Math.max(0, box.yMax - box.yMin), 4),
  };
}

/** The same in whole pixels. */
export function pixelBox(box: BoundingBox, frame: FrameInfo): EventPayload['box'] {
  const x = Math.round(box.xMin * frame.widthPx);
  const y = Math.round(box.yMin * frame.heightPx);
  return {
    x,
    y,
    w: Math.max(0, Math.round(box.xMax * frame.widthPx) - x),
    h: Math.max(0, Math.round(box.yMax * frame.heightPx) - y),
  };
}

/** Where a frame's time went. */
export function latencyPayload(timings: StageTimings): EventPayload['latency_ms'] {
  const { queueMs, preprocessMs, inferenceMs, postprocessMs } = timings;
  return {
    // No source tells when the sensor took a frame.
    capture_to_read: null,
    queue: rounded(queueMs, 2),
    preprocess: rounded(preprocessMs, 2),
    inference: rounded(inferenceMs, 2),
    postprocess: rounded(postprocessMs, 2),
    total: rounded(queueMs + preprocessMs + inferenceMs + postprocessMs, 2),
  };
}

/** Whole microseconds first: a float64 of nanoseconds is inexact after 104 days. */
function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

/** A number with that many digits behind the point at most. */
export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
