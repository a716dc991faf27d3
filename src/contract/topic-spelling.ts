import { TOPICS, type TopicKey, type TopicSpec } from './topic-table.js';

/** What the words in braces stand for. */
export const TOPIC_PARAMETERS = {
  base: 'First level or levels of every topic, `mqtt.base`.',
  node: 'Id of the machine, `node`.',
  camera: 'Id of the camera, `camera.id`.',
  label:
    'The label in lower case with `_` for everything but letters, digits, `_` and `-`; `any` stands for all labels together.',
  zone: 'Id of a zone, from `zones`.',
  phase: '`start`, `update` or `end`.',
  problem: 'What is wrong, in a word.',
  verb: 'A command, in one level or two.',
  name: 'A setting, in one level or two.',
  prefix: 'First level or levels of what Home Assistant is told, `discovery.prefix`.',
  device: 'Id of a device, made of those of node and camera.',
  platform: 'Kind of an entity at Home Assistant, such as `sensor`.',
  entity: 'Id of an entity of the device.',
} as const;

export type TopicParameter = keyof typeof TOPIC_PARAMETERS;

/** The whole topic, with what is given in place of the words in braces; the others stay. */
export function spellTopic(
  key: TopicKey,
  parts: Readonly<Partial<Record<TopicParameter, string>>>,
): string {
  const { root, pattern }: TopicSpec = TOPICS[key];
  return `${root ?? '{base}/{node}'}/${pattern}`.replace(
    /\{(\w+)\}/g,
    (word, name: TopicParameter) => parts[name] ?? word,
  );
}
