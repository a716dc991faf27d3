import { DISCOVERY_TOPICS } from './discovery-topics.js';
import { contentTypeOf, type PayloadName } from './payload-kinds.js';
import { STREAM_TOPICS } from './stream-topics.js';

/** How a topic is published. */
export interface TopicSpec {
  /** A word in braces stands for one level; below `{base}/{node}/` unless `root` says otherwise. */
  readonly pattern: string;
  readonly root?: '{prefix}';
  readonly payload: PayloadName;
  /** Whether, or the key that says whether. */
  readonly retain: boolean | 'mqtt.image_retain' | 'discovery.retain';
  readonly qos: 0 | 1;
  /** Seconds, or the key that says them, after which the broker forgets it (MQTT 5); null: never. */
  readonly expiry: number | 'mqtt.event_ttl_s' | 'mqtt.history_ttl_s' | 'mqtt.image_ttl_s' | null;
  readonly doc: string;
}

/** Between two reports of health, at most. */
export const HEALTH_INTERVAL_S = 60;

/** Every topic that is published. */
export const TOPICS = {
  status: {
    pattern: 'status',
    payload: 'availability',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'Told last after every connection; the broker says `offline` by itself when Lookout is gone.',
  },
  info: {
    pattern: 'info',
    payload: 'info',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'What this process is and runs.',
  },
  modelState: {
    pattern: 'model/state',
    payload: 'model-state',
    retain: true,
    qos: 1,
    expiry: null,
    doc: "Where the model's life stands.",
  },
  modelUpdate: {
    pattern: 'model/update',
    payload: 'model-update',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'Whether there is a newer model to be brought in.',
  },
  health: {
    pattern: 'health',
    payload: 'health',
    retain: true,
    qos: 0,
    expiry: 3 * HEALTH_INTERVAL_S,
    doc: 'How well it works: once a minute, and when something begins or ceases to be wrong.',
  },
  alert: {
    pattern: 'alert/{problem}',
    payload: 'alert',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'One thing that is wrong now; cleared when it is right again.',
  },
  log: {
    pattern: 'log',
    payload: 'log',
    retain: false,
    qos: 0,
    expiry: 60,
    doc: 'Warnings and errors of the log, at most one a second; `log.publish` turns it off.',
  },
  response: {
    pattern: 'response/{verb}',
    payload: 'response',
    retain: false,
    qos: 1,
    expiry: 60,
    doc: 'What became of a command whose sender named no other topic; see [commands](commands.md).',
  },
  setting: {
    pattern: 'setting/{name}',
    payload: 'setting',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'The value in force of what `set/NAME` sets.',
  },
  cameraSetting: {
    pattern: 'cam/{camera}/setting/{name}',
    payload: 'setting',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'The same, of a camera.',
  },
  cameraStatus: {
    pattern: 'cam/{camera}/status',
    payload: 'availability',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'Whether frames flow and are detected, or detection is switched off.',
  },
  cameraState: {
    pattern: 'cam/{camera}/state',
    payload: 'camera-state',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'How the camera fares, and why.',
  },
  motion: {
    pattern: 'cam/{camera}/motion',
    payload: 'on-off',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'Whether something moves; see [motion](motion.md).',
  },
  occupancy: {
    pattern: 'cam/{camera}/object/{label}/occupancy',
    payload: 'on-off',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'Whether one is there.',
  },
  count: {
    pattern: 'cam/{camera}/object/{label}/count',
    payload: 'count',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'How many are there now.',
  },
  active: {
    pattern: 'cam/{camera}/object/{label}/active',
    payload: 'count',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'How many of them move.',
  },
  lastSeen: {
    pattern: 'cam/{camera}/object/{label}/last_seen',
    payload: 'timestamp',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'Time of the last sight; while one is in view, every 10 s.',
  },
  zoneOccupancy: {
    pattern: 'cam/{camera}/zone/{zone}/object/{label}/occupancy',
    payload: 'on-off',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'Whether one is in the zone; see [zones](zones.md).',
  },
  zoneCount: {
    pattern: 'cam/{camera}/zone/{zone}/object/{label}/count',
    payload: 'count',
    retain: true,
    qos: 1,
    expiry: null,
    doc: 'How many are in the zone now.',
  },
  event: {
    pattern: 'cam/{camera}/event/{label}/{phase}',
    payload: 'event',
    retain: false,
    qos: 1,
    expiry: 'mqtt.event_ttl_s',
    doc: 'A step in the life of one object, while it is news.',
  },
  ...STREAM_TOPICS,
  imageLatest: {
    pattern: 'cam/{camera}/image/latest',
    payload: 'picture',
    retain: false,
    qos: 0,
    expiry: 30,
    doc: 'The frame detected last, when `request/snapshot` asks for it.',
  },
  image: {
    pattern: 'cam/{camera}/image/{label}',
    payload: 'picture',
    retain: 'mqtt.image_retain',
    qos: 0,
    expiry: 'mqtt.image_ttl_s',
    doc: 'The whole frame of an event with its box drawn, where pictures are switched on.',
  },
  imageMeta: {
    pattern: 'cam/{camera}/image/{label}/meta',
    payload: 'image-meta',
    retain: 'mqtt.image_retain',
    qos: 1,
    expiry: 'mqtt.image_ttl_s',
    doc: 'What the picture shows; comes before it.',
  },
  history: {
    pattern: 'cam/{camera}/history/{label}/{phase}',
    payload: 'event',
    retain: false,
    qos: 1,
    expiry: 'mqtt.history_ttl_s',
    doc: 'The same when it could not be told in time, with `replayed`: for whoever keeps records.',
  },
  ...DISCOVERY_TOPICS,
} as const satisfies Record<string, TopicSpec>;

export type TopicKey = keyof typeof TOPICS;

/** What goes with a message besides its topic and payload. */
export interface MessageForm {
  /** MIME type (MQTT 5 only); null: not told. */
  readonly contentType: string | null;
  readonly qos: 0 | 1;
  /** After this the broker forgets it (MQTT 5 only); null: never. */
  readonly expiryS: number | null;
}

/**
 * The form that the table gives a topic's messages.
 * @param ttlS what the configuration says, where the table names a key.
 */
export function formOf(key: TopicKey, ttlS = 0): MessageForm {
  const { payload, qos, expiry }: TopicSpec = TOPICS[key];
  return {
    contentType: contentTypeOf(payload),
    qos,
    expiryS: typeof expiry === 'string' ? ttlS : expiry,
  };
}
