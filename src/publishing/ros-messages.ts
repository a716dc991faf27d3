import type {
  RosDetectionsPayload,
  RosLabelInfoPayload,
  RosVisionInfoPayload,
} from '../contract/ros-schemas.js';
import { type BoundingBox, clipToFrame } from '../domain/bounding-box.js';
import type { DetectorModel } from '../domain/detector-model.js';
import type { FrameInfo } from '../domain/frame.js';
import type { Track } from '../domain/track.js';
import { rounded } from './messages.js';

type Header = RosDetectionsPayload['header'];
type Detection = RosDetectionsPayload['detections'][number];

/** geometry_msgs/PoseWithCovariance as it is by default: nothing is known of it. */
const NO_POSE: Detection['results'][number]['pose'] = {
  pose: { position: { x: 0, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } },
  covariance: new Array<number>(36).fill(0),
};

/** vision_msgs/Detection2DArray of the tracks that a frame shows. */
export function rosDetections(
  frame: FrameInfo,
  tracks: readonly Track[],
  frameId: string,
): RosDetectionsPayload {
  const header = rosHeader(frame.capturedAtMs, frameId);
  return { header, detections: tracks.map((track) => detection(track, frame, header)) };
}

/** What is told of a model beside its detections. */
export interface RosModel {
  readonly model: DetectorModel;
  /** Grows with each change of the model or its labels. */
  readonly version: number;
  /** Lowest score that counts, 0..1. */
  readonly threshold: number;
  /** Unix ms. */
  readonly sinceMs: number;
  readonly frameId: string;
}

/**
 * vision_msgs/VisionInfo of a model.
 * @param labelTopic where its LabelInfo is.
 */
export function rosVisionInfo(
  { model, version, sinceMs, frameId }: RosModel,
  labelTopic: string,
): RosVisionInfoPayload {
  return {
    header: rosHeader(sinceMs, frameId),
    method: model.name,
    database_location: labelTopic,
    database_version: version,
  };
}

/** vision_msgs/LabelInfo of a model; a class without a label is left out. */
export function rosLabelInfo({
  model,
  threshold,
  sinceMs,
  frameId,
}: RosModel): RosLabelInfoPayload {
  return {
    header: rosHeader(sinceMs, frameId),
    class_map: model.labels.flatMap((label, classId) =>
      label === null ? [] : [{ class_id: classId, class_name: label }],
    ),
    threshold,
  };
}

/** std_msgs/Header; whole ms, so that it equals `capture` of the other messages about the frame. */
function rosHeader(unixMs: number, frameId: string): Header {
  const ms = Math.trunc(unixMs);
  const sec = Math.floor(ms / 1000);
  return { stamp: { sec, nanosec: (ms - sec * 1000) * 1_000_000 }, frame_id: frameId };
}

function detection(track: Track, frame: FrameInfo, header: Header): Detection {
  const { classId, score, id } = track;
  const hypothesis = { class_id: String(classId), score: rounded(score, 4) };
  return {
    header,
    results: [{ hypothesis, pose: NO_POSE }],
    bbox: bbox(clipToFrame(track.box), frame),
    id: String(id),
  };
}

function bbox(
  { xMin, yMin, xMax, yMax }: BoundingBox,
  { widthPx, heightPx }: FrameInfo,
): Detection['bbox'] {
  return {
    center: {
      position: {
        x: rounded(((xMin + xMax) / 2) * widthPx, 2),
        y: rounded(((yMin + yMax) / 2) * heightPx, 2),
      },
      theta: 0,
    },
    size_x: rounded(Math.max(0, xMax - xMin) * widthPx, 2),
    size_y: rounded(Math.max(0, yMax - yMin) * heightPx, 2),
  };
}
