/** The ids that stand in every topic; each matches SLUG_PATTERN. */
export interface TopicIds {
  readonly base: string;
  readonly node: string;
  readonly camera: string;
}

/** The values that are published per label, as topic levels. */
export type ObjectTopic = 'occupancy' | 'count' | 'active' | 'last_seen';

/** Every topic of one node with one camera. */
export interface Topics {
  readonly status: string;
  readonly info: string;
  readonly modelState: string;
  readonly cameraStatus: string;
  object(label: string, value: ObjectTopic): string;
  event(label: string, phase: 'start' | 'update' | 'end'): string;
}

/** Spells the topics of the MQTT contract, section 2. Labels are given as slugs. */
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
