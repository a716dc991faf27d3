import type { Zone } from '../domain/zone.js';
import type { NumberRange } from './component.js';

/** How much Home Assistant is shown; each level has all of the one before. */
export type EntityLevel = 'minimal' | 'standard' | 'all';

/** One document a device, or for Home Assistant before 2024.11 and the like one message an entity. */
export type DiscoveryMode = 'device' | 'component';

/** What is published of a label. */
export type ObjectValue = 'occupancy' | 'count' | 'last_seen';

/** The topics of the node that Home Assistant reads and writes. */
export interface NodeTopics {
  readonly status: string;
  readonly health: string;
  readonly modelState: string;
  /** State of the update entity: the fields of Home Assistant's own JSON form, others are ignored. */
  readonly modelUpdate: string;
  setting(name: 'model' | 'log_level' | 'inference_max_fps'): string;
  set(name: 'model' | 'log_level' | 'inference_max_fps'): string;
  request(verb: NodeRequest | CameraRequest): string;
}

/** Commands for the node as a whole. */
export type NodeRequest = 'restart' | 'model/rollback' | 'model/load';

/** Commands that name a camera. */
export type CameraRequest = 'camera/restart' | 'snapshot';

/** What can be set of a camera: a name, or one for each label or zone, given by its id. */
export type CameraSetting =
  | 'detect'
  | 'publish_images'
  | 'max_fps'
  | `threshold/${string}`
  | `zone/${string}`;

/** The topics of one camera that Home Assistant reads and writes. Labels are given as slugs. */
export interface CameraTopics {
  readonly status: string;
  readonly motion: string;
  readonly latestImage: string;
  object(label: string, value: ObjectValue): string;
  zoneOccupancy(zone: string, label: string): string;
  /** `+` stands for any label or phase. */
  event(label: string, phase: 'start' | 'update' | 'end' | '+'): string;
  image(label: string): string;
  setting(name: CameraSetting): string;
  set(name: CameraSetting): string;
}

/**
 * What the node publishes and takes. An entity of what is never published would be unknown for
 * ever, and one of a command that is refused would do nothing.
 */
export interface NodeFeatures {
  readonly health: boolean;
  /** Parts of `health` that only some machines tell. */
  readonly cpuTemperature: boolean;
  readonly throttling: boolean;
  readonly outbox: boolean;
  readonly modelUpdate: boolean;
  readonly setModel: boolean;
  readonly setLogLevel: boolean;
  readonly setInferenceMaxFps: boolean;
  readonly restart: boolean;
  readonly rollBackModel: boolean;
  readonly loadModel: boolean;
}

/** What a camera publishes and takes. */
export interface CameraFeatures {
  readonly events: boolean;
  readonly motion: boolean;
  readonly images: boolean;
  readonly setDetect: boolean;
  readonly setPublishImages: boolean;
  readonly setMaxFps: boolean;
  readonly setThresholds: boolean;
  readonly setZones: boolean;
  readonly restart: boolean;
  readonly snapshot: boolean;
}

/** One camera, a device of its own. */
export interface CameraInput {
  readonly id: string;
  /** Labels as the model gives them; `any` is added. */
  readonly labels: readonly string[];
  readonly zones: readonly Pick<Zone, 'id' | 'labels'>[];
  readonly topics: CameraTopics;
  readonly features: CameraFeatures;
}

/** Everything that the documents are made of. Ids match SLUG_PATTERN; the base may have `/` in it. */
export interface DiscoveryInput {
  readonly base: string;
  readonly nodeId: string;
  readonly version: string;
  /** Machine in words. */
  readonly host: string;
  /** Where help is to be found; null: nowhere yet. */
  readonly supportUrl: string | null;
  readonly mode: DiscoveryMode;
  readonly entities: EntityLevel;
  /** How often `health` is told. */
  readonly healthIntervalS: number;
  readonly topics: NodeTopics;
  readonly features: NodeFeatures;
  /** Names that `set/model` takes. The active one must be among them. */
  readonly models: readonly string[];
  readonly logLevels: readonly string[];
  /** What the settings take. */
  readonly ranges: {
    readonly maxFps: NumberRange;
    readonly inferenceMaxFps: NumberRange;
    readonly threshold: NumberRange;
  };
  readonly cameras: readonly CameraInput[];
}
