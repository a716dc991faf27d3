/** Every kind of payload, and whether it is a plain text or JSON. */
export const PAYLOAD_KINDS = {
  availability: 'text',
  'on-off': 'text',
  count: 'text',
  timestamp: 'text',
  event: 'json',
  info: 'json',
  'model-state': 'json',
  health: 'json',
  alert: 'json',
  response: 'json',
  setting: 'text',
} as const;

export type PayloadName = keyof typeof PAYLOAD_KINDS;
