/** The ids that stand in every topic; each matches SLUG_PATTERN. */
export interface TopicIds {
  readonly base: string;
  readonly node: string;
  readonly camera: string;
}

/** The values that are published per label, as topic levels. */
export type ObjectTopic = (typeof OBJECT_TOPICS)[number];

const OBJECT_TOPICS = ['occupancy', 'count', 'active', 'last_seen'] as const;
const EVENT_PHASES = ['start', 'update', 'end'] as const;

/** Every topic of one node with one camera. */
export interface Topics {
  readonly status: string;
  readonly info: string;
  readonly modelState: string;
  readonly cameraStatus: string;
  object(label: string, value: ObjectTopic): string;
  event(label: string, phase: (typeof EVENT_PHASES)[number]): string;
}

/** Spells the topics that docs/mqtt.md describes. Labels are given as slugs. */
export function topicsOf({ base, node, camera }: TopicIds): Topics {
  const root = `${base}/${node}`;
  const ofCamera = `${root}/cam/${camera}`;
  return {
    status: `${root}/status`,
    info: `${root}/info`,
    modelState: `${root}/model/state`,
    cameraStatus: `${ofCamera}/status`,
    object: (label, value) => `${ofCamera}/object/${label}/${value}`,
    event: (label, phase) => `${ofCamera}/event/${label}/${phase}`,
  };
}

/** Every topic that is published to, with `{label}` where the slug of a label goes. */
export function topicPatterns(ids: TopicIds): readonly string[] {
  const topics = topicsOf(ids);
  const label = '{label}';
  return [
    topics.status,
    topics.info,
    topics.modelState,
    topics.cameraStatus,
    ...OBJECT_TOPICS.map((value) => topics.object(label, value)),
    ...EVENT_PHASES.map((phase) => topics.event(label, phase)),
  ];
}
