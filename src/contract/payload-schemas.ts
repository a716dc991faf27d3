import { type TSchema, Type } from 'typebox';
import { ALERT_SCHEMA } from './alert-schema.js';
import { CAMERA_STATE_SCHEMA } from './camera-state-schema.js';
import { timestampSchema } from './common-schemas.js';
import { DISCOVERY_SCHEMA } from './discovery-schema.js';
import { EVENT_SCHEMA } from './event-schema.js';
import { FRAME_SCHEMA } from './frame-schema.js';
import { HEALTH_SCHEMA } from './health-schema.js';
import { IMAGE_META_SCHEMA } from './image-meta-schema.js';
import { INFO_SCHEMA } from './info-schema.js';
import { LOG_SCHEMA } from './log-schema.js';
import { MODEL_STATE_SCHEMA } from './model-state-schema.js';
import { MODEL_UPDATE_SCHEMA } from './model-update-schema.js';
import type { PayloadName } from './payload-kinds.js';
import { RESPONSE_SCHEMA } from './response-schema.js';
import {
  ROS_DETECTIONS_SCHEMA,
  ROS_LABEL_INFO_SCHEMA,
  ROS_VISION_INFO_SCHEMA,
} from './ros-schemas.js';

/** What payloads are; the schema of a plain text describes the text. */
export const PAYLOADS: Readonly<Record<PayloadName, TSchema>> = {
  availability: Type.Enum(['online', 'offline']),
  'on-off': Type.Enum(['ON', 'OFF']),
  count: Type.String({ pattern: '^(0|[1-9]\\d*)$' }),
  timestamp: timestampSchema('RFC 3339, UTC, milliseconds.'),
  event: EVENT_SCHEMA,
  frame: FRAME_SCHEMA,
  'ros-detections': ROS_DETECTIONS_SCHEMA,
  'ros-vision-info': ROS_VISION_INFO_SCHEMA,
  'ros-label-info': ROS_LABEL_INFO_SCHEMA,
  info: INFO_SCHEMA,
  'camera-state': CAMERA_STATE_SCHEMA,
  'model-state': MODEL_STATE_SCHEMA,
  'model-update': MODEL_UPDATE_SCHEMA,
  health: HEALTH_SCHEMA,
  alert: ALERT_SCHEMA,
  log: LOG_SCHEMA,
  response: RESPONSE_SCHEMA,
  setting: Type.String({ minLength: 1, maxLength: 256 }),
  picture: Type.String({ contentMediaType: 'image/jpeg', description: 'The bytes of a JPEG.' }),
  'image-meta': IMAGE_META_SCHEMA,
  discovery: DISCOVERY_SCHEMA,
};
