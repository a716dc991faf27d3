import { Type } from 'typebox';
import type { PayloadOf } from './payload-of.js';

/*
 * JSON of ROS 2 messages, with every field of their definitions and none besides: what loads a
 * message from a dictionary refuses unknown fields, and some decoders demand all. So there is no
 * `v`; the version of the form is that of the packages: vision_msgs 4, std_msgs, geometry_msgs.
 */

function exactly<const Fields extends Parameters<typeof Type.Object>[0]>(
  fields: Fields,
  options: { readonly title?: string; readonly description?: string } = {},
) {
  return Type.Object(fields, { additionalProperties: false, ...options });
}

const INT32_MAX = 2 ** 31 - 1;

/** std_msgs/Header. */
const HEADER = exactly({
  stamp: exactly(
    {
      sec: Type.Integer({ minimum: 0, maximum: INT32_MAX }),
      nanosec: Type.Integer({ minimum: 0, maximum: 999_999_999 }),
    },
    { description: 'UTC.' },
  ),
  frame_id: Type.String({ description: '`camera.frame_id`.' }),
});

const POINT = exactly({ x: Type.Number(), y: Type.Number(), z: Type.Number() });

/** geometry_msgs/PoseWithCovariance. */
const POSE = exactly(
  {
    pose: exactly({
      position: POINT,
      orientation: exactly({
        x: Type.Number(),
        y: Type.Number(),
        z: Type.Number(),
        w: Type.Number(),
      }),
    }),
    covariance: Type.Array(Type.Number(), { minItems: 36, maxItems: 36 }),
  },
  { description: 'Not known from one picture: as it is by default.' },
);

/** vision_msgs/BoundingBox2D. */
const BBOX = exactly(
  {
    center: exactly({
      position: exactly({ x: Type.Number(), y: Type.Number() }),
      theta: Type.Number({ description: 'Always 0.' }),
    }),
    size_x: Type.Number({ minimum: 0 }),
    size_y: Type.Number({ minimum: 0 }),
  },
  { description: 'In pixels of the frame, x to the right, y down.' },
);

export const ROS_DETECTIONS_SCHEMA = exactly(
  {
    header: HEADER,
    detections: Type.Array(
      exactly({
        header: HEADER,
        results: Type.Array(
          exactly({
            hypothesis: exactly({
              class_id: Type.String({ description: '`class_id` of `ros/label_info`, as text.' }),
              score: Type.Number({ minimum: 0, maximum: 1 }),
            }),
            pose: POSE,
          }),
          { minItems: 1, maxItems: 1 },
        ),
        bbox: BBOX,
        id: Type.String({ description: '`track_id`: the same for the same object.' }),
      }),
    ),
  },
  { title: 'ros-detections', description: 'vision_msgs/Detection2DArray of one frame.' },
);

export const ROS_VISION_INFO_SCHEMA = exactly(
  {
    header: HEADER,
    method: Type.String({ description: "The model's name." }),
    database_location: Type.String({ description: 'Topic of `ros/label_info`.' }),
    database_version: Type.Integer({
      minimum: 1,
      maximum: INT32_MAX,
      description: 'One more with each change of model or labels, over restarts too.',
    }),
  },
  { title: 'ros-vision-info', description: 'vision_msgs/VisionInfo.' },
);

export const ROS_LABEL_INFO_SCHEMA = exactly(
  {
    header: HEADER,
    class_map: Type.Array(
      exactly({
        class_id: Type.Integer({ minimum: 0, maximum: 65_535 }),
        class_name: Type.String(),
      }),
    ),
    threshold: Type.Number({ minimum: 0, maximum: 1, description: '`model.threshold`.' }),
  },
  { title: 'ros-label-info', description: 'vision_msgs/LabelInfo.' },
);

/** Topic `cam/{c}/ros/detections`: what is seen in one frame, as vision_msgs/Detection2DArray. */
export type RosDetectionsPayload = PayloadOf<typeof ROS_DETECTIONS_SCHEMA>;

/** Topic `cam/{c}/ros/vision_info`: which model they come from, as vision_msgs/VisionInfo. */
export type RosVisionInfoPayload = PayloadOf<typeof ROS_VISION_INFO_SCHEMA>;

/** Topic `cam/{c}/ros/label_info`: what its classes are called, as vision_msgs/LabelInfo. */
export type RosLabelInfoPayload = PayloadOf<typeof ROS_LABEL_INFO_SCHEMA>;
