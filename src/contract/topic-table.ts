import type { PayloadName } from './payload-schemas.js';

/** How a topic is published. */
export interface TopicSpec {
  /** Below `{base}/{node}/`; a word in braces stands for one level. */
  readonly pattern: string;
  readonly payload: PayloadName;
  readonly retain: boolean;
  readonly qos: 0 | 1;
  /** The configuration key that says when the broker forgets it (MQTT 5); null: never. */
  readonly expiryKey: string | null;
  readonly doc: string;
}

/** Every topic that is published. */
export const TOPICS = {
  status: {
    pattern: 'status',
    payload: 'availability',
    retain: true,
    qos: 1,
    expiryKey: null,
    doc: 'Told last after every connection; the broker says `offline` by itself when Lookout is gone.',
  },
  info: {
    pattern: 'info',
    payload: 'info',
    retain: true,
    qos: 1,
    expiryKey: null,
    doc: 'What this process is and runs.',
  },
  modelState: {
    pattern: 'model/state',
    payload: 'model-state',
    retain: true,
    qos: 1,
    expiryKey: null,
    doc: "Where the model's life stands.",
  },
  cameraStatus: {
    pattern: 'cam/{camera}/status',
    payload: 'availability',
    retain: true,
    qos: 1,
    expiryKey: null,
    doc: 'Whether frames flow and are detected.',
  },
  occupancy: {
    pattern: 'cam/{camera}/object/{label}/occupancy',
    payload: 'on-off',
    retain: true,
    qos: 1,
    expiryKey: null,
    doc: 'Whether one is there.',
  },
  count: {
    pattern: 'cam/{camera}/object/{label}/count',
    payload: 'count',
    retain: true,
    qos: 1,
    expiryKey: null,
    doc: 'How many are there now.',
  },
  active: {
    pattern: 'cam/{camera}/object/{label}/active',
    payload: 'count',
    retain: true,
    qos: 1,
    expiryKey: null,
    doc: 'How many of them move.',
  },
  lastSeen: {
    pattern: 'cam/{camera}/object/{label}/last_seen',
    payload: 'timestamp',
    retain: true,
    qos: 1,
    expiryKey: null,
    doc: 'Time of the last sight; while one is in view, every 10 s.',
  },
  event: {
    pattern: 'cam/{camera}/event/{label}/{phase}',
    payload: 'event',
    retain: false,
    qos: 1,
    expiryKey: 'mqtt.event_ttl_s',
    doc: 'A step in the life of one object, while it is news.',
  },
} as const satisfies Record<string, TopicSpec>;

export type TopicKey = keyof typeof TOPICS;

/** What the words in braces stand for. */
export const TOPIC_PARAMETERS = {
  base: 'First level or levels of every topic, `mqtt.base`.',
  node: 'Id of the machine, `node`.',
  camera: 'Id of the camera, `camera.id`.',
  label:
    'The label in lower case with `_` for everything but letters, digits, `_` and `-`; `any` stands for all labels together.',
  phase: '`start`, `update` or `end`.',
} as const;

export type TopicParameter = keyof typeof TOPIC_PARAMETERS;

/** The whole topic, with what is given in place of the words in braces; the others stay. */
export function spellTopic(
  key: TopicKey,
  parts: Readonly<Partial<Record<TopicParameter, string>>>,
): string {
  return `{base}/{node}/${TOPICS[key].pattern}`.replace(
    /\{(\w+)\}/g,
    (word, name: TopicParameter) => parts[name] ?? word,
  );
}
