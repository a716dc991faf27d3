import type { FramePayload } from '../contract/frame-schema.js';
import { PAYLOAD_VERSION } from '../contract/version.js';
import { clipToFrame } from '../domain/bounding-box.js';
import type { FrameDetections } from '../domain/detection.js';
import type { FrameInfo } from '../domain/frame.js';
import type { Track } from '../domain/track.js';
import {
  fractionBox,
  framePayload,
  latencyPayload,
  modelPayload,
  objectFields,
  pixelBox,
  timePayload,
} from './messages.js';

/** What the message of a frame says besides the frame itself. */
export interface FrameEnvelope {
  readonly seq: number;
  readonly bootId: string;
  readonly node: string;
  readonly camera: string;
  readonly frameId: string;
  /** Unix ms of handing the message to the network. */
  readonly publishedAtMs: number;
  /** Whether the clock is right; null: unknown. */
  readonly isClockSynced: boolean | null;
}

/** Content of the topic `frame`, as docs/robotics.md describes it. */
export function frameMessagePayload(
  { frame, timings, model }: FrameDetections,
  tracks: readonly Track[],
  envelope: FrameEnvelope,
): FramePayload {
  return {
    v: PAYLOAD_VERSION,
    seq: envelope.seq,
    boot_id: envelope.bootId,
    node: envelope.node,
    camera: envelope.camera,
    frame: framePayload(frame, envelope.frameId),
    time: timePayload(frame, envelope),
    latency_ms: latencyPayload(timings),
    model: modelPayload(model),
    objects: tracks.map((track) => objectPayload(track, frame)),
  };
}

function objectPayload(track: Track, frame: FrameInfo): FramePayload['objects'][number] {
  const box = clipToFrame(track.box);
  return {
    ...objectFields(track),
    seen: isSeen(track),
    box: fractionBox(box),
    box_px: pixelBox(box, frame),
  };
}

/** Whether the newest frame shows it. */
export function isSeen({ missedFrames }: Track): boolean {
  return missedFrames === 0;
}
