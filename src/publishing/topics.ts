import { spellTopic, TOPICS, type TopicKey } from '../contract/topic-table.js';

/** The ids that stand in every topic; each matches SLUG_PATTERN. */
export interface TopicIds {
  readonly base: string;
  readonly node: string;
  readonly camera: string;
}

/** The values that are published per label. */
export type ObjectTopic = (typeof OBJECT_TOPICS)[number];

export const OBJECT_TOPICS = [
  'occupancy',
  'count',
  'active',
  'lastSeen',
] as const satisfies readonly TopicKey[];

/** Every topic of one node with one camera. */
export interface Topics {
  readonly status: string;
  readonly info: string;
  readonly modelState: string;
  readonly health: string;
  alert(problem: string): string;
  setting(scope: 'node' | 'camera', name: string): string;
  readonly cameraStatus: string;
  object(label: string, value: ObjectTopic): string;
  event(label: string, phase: 'start' | 'update' | 'end'): string;
  history(label: string, phase: 'start' | 'update' | 'end'): string;
}

/** Spells the topics. Labels are given as slugs. */
export function topicsOf(ids: TopicIds): Topics {
  return {
    status: spellTopic('status', { ...ids }),
    info: spellTopic('info', { ...ids }),
    modelState: spellTopic('modelState', { ...ids }),
    health: spellTopic('health', { ...ids }),
    alert: (problem) => spellTopic('alert', { ...ids, problem }),
    setting: (scope, name) =>
      spellTopic(scope === 'node' ? 'setting' : 'cameraSetting', { ...ids, name }),
    cameraStatus: spellTopic('cameraStatus', { ...ids }),
    object: (label, value) => spellTopic(value, { ...ids, label }),
    event: (label, phase) => spellTopic('event', { ...ids, label, phase }),
    history: (label, phase) => spellTopic('history', { ...ids, label, phase }),
  };
}

/** Every topic that is published to, with `{label}` where the slug of a label goes. */
export function topicPatterns(ids: TopicIds): readonly string[] {
  return (Object.keys(TOPICS) as TopicKey[]).map((key) => spellTopic(key, { ...ids }));
}
