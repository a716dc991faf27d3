/** Topics of what is seen in each single frame; a part of `TOPICS`. */
export const STREAM_TOPICS = {
  frame: {
    pattern: 'cam/{camera}/frame',
    payload: 'frame',
    retain: false,
    qos: 0,
    expiry: 2,
    doc: 'What is seen in each frame, where `stream.frames` is on; see [robotics](robotics.md).',
  },
  rosDetections: {
    pattern: 'cam/{camera}/ros/detections',
    payload: 'ros-detections',
    retain: false,
    qos: 0,
    expiry: 2,
    doc: 'The same as `vision_msgs/Detection2DArray`, where `stream.ros` is on.',
  },
  rosVisionInfo: {
    pattern: 'cam/{camera}/ros/vision_info',
    payload: 'ros-vision-info',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'Which model these come from, as `vision_msgs/VisionInfo`.',
  },
  rosLabelInfo: {
    pattern: 'cam/{camera}/ros/label_info',
    payload: 'ros-label-info',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'What its classes are called, as `vision_msgs/LabelInfo`.',
  },
} as const;
