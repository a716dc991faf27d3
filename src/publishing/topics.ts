import { spellTopic } from '../contract/topic-spelling.js';
import { TOPICS, type TopicKey } from '../contract/topic-table.js';

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

/** The values that are published per zone and label. */
export type ZoneTopic = (typeof ZONE_TOPICS)[number];

export const ZONE_TOPICS = ['zoneOccupancy', 'zoneCount'] as const satisfies readonly TopicKey[];

/** Every topic of one node with one camera. */
export interface Topics {
  readonly status: string;
  readonly info: string;
  readonly modelState: string;
  readonly modelUpdate: string;
  readonly health: string;
  readonly log: string;
  alert(problem: string): string;
  setting(scope: 'node' | 'camera', name: string): string;
  readonly cameraStatus: string;
  readonly cameraState: string;
  readonly motion: string;
  object(label: string, value: ObjectTopic): string;
  zone(zone: string, label: string, value: ZoneTopic): string;
  event(label: string, phase: 'start' | 'update' | 'end'): string;
  history(label: string, phase: 'start' | 'update' | 'end'): string;
  readonly frame: string;
  readonly rosDetections: string;
  readonly rosVisionInfo: string;
  readonly rosLabelInfo: string;
  readonly imageLatest: string;
  image(label: string): string;
  imageMeta(label: string): string;
}

/** Spells the topics. Labels are given as slugs. */
export function topicsOf(ids: TopicIds): Topics {
  return {
    status: spellTopic('status', { ...ids }),
    info: spellTopic('info', { ...ids }),
    modelState: spellTopic('modelState', { ...ids }),
    modelUpdate: spellTopic('modelUpdate', { ...ids }),
    health: spellTopic('health', { ...ids }),
    log: spellTopic('log', { ...ids }),
    alert: (problem) => spellTopic('alert', { ...ids, problem }),
    setting: (scope, name) =>
      spellTopic(scope === 'node' ? 'setting' : 'cameraSetting', { ...ids, name }),
    cameraStatus: spellTopic('cameraStatus', { ...ids }),
    cameraState: spellTopic('cameraState', { ...ids }),
    motion: spellTopic('motion', { ...ids }),
    object: (label, value) => spellTopic(value, { ...ids, label }),
    zone: (zone, label, value) => spellTopic(value, { ...ids, zone, label }),
    event: (label, phase) => spellTopic('event', { ...ids, label, phase }),
    history: (label, phase) => spellTopic('history', { ...ids, label, phase }),
    frame: spellTopic('frame', { ...ids }),
    rosDetections: spellTopic('rosDetections', { ...ids }),
    rosVisionInfo: spellTopic('rosVisionInfo', { ...ids }),
    rosLabelInfo: spellTopic('rosLabelInfo', { ...ids }),
    imageLatest: spellTopic('imageLatest', { ...ids }),
    image: (label) => spellTopic('image', { ...ids, label }),
    imageMeta: (label) => spellTopic('imageMeta', { ...ids, label }),
  };
}

/**
 * Every topic of the node that is published to, with `{label}` and `{zone}` where a label's slug and
 * a zone's id go.
 */
export function topicPatterns(ids: TopicIds): readonly string[] {
  const keys = (Object.keys(TOPICS) as TopicKey[]).filter((key) => !('root' in TOPICS[key]));
  return keys.map((key) => spellTopic(key, { ...ids }));
}
