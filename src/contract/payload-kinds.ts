/** Every kind of payload, and whether it is a plain text, JSON or a picture. */
export const PAYLOAD_KINDS = {
  availability: 'text',
  'on-off': 'text',
  count: 'text',
  timestamp: 'text',
  event: 'json',
  frame: 'json',
  'ros-detections': 'json',
  'ros-vision-info': 'json',
  'ros-label-info': 'json',
  info: 'json',
  'camera-state': 'json',
  'model-state': 'json',
  'model-update': 'json',
  health: 'json',
  alert: 'json',
  log: 'json',
  response: 'json',
  setting: 'text',
  picture: 'jpeg',
  'image-meta': 'json',
  discovery: 'json',
} as const;

export type PayloadName = keyof typeof PAYLOAD_KINDS;

/** MIME type of a payload as MQTT 5 tells it; null: not told, as plain text needs no telling. */
export function contentTypeOf(name: PayloadName): string | null {
  return CONTENT_TYPES[PAYLOAD_KINDS[name]];
}

const CONTENT_TYPES = { text: null, json: 'application/json', jpeg: 'image/jpeg' } as const;
