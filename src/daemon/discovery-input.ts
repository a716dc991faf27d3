import { isAllowed } from '../commands/command-policy.js';
import { FPS, FRACTION, LOG_LEVEL } from '../commands/command-spec.js';
import type { CommandName } from '../commands/command-table.js';
import type { Config } from '../config/schema.js';
import { zonesOf } from '../config/zone-list.js';
import type { HealthPayload } from '../contract/health-schema.js';
import { HEALTH_INTERVAL_S, TOPICS, type TopicSpec } from '../contract/topic-table.js';
import type {
  CameraFeatures,
  CameraTopics,
  DiscoveryInput,
  NodeFeatures,
  NodeTopics,
} from '../discovery/discovery-input.js';
import { readHost } from '../health/host-reading.js';
import type { Shown } from './home-assistant.js';
import { boardName } from './host.js';
import { commandPolicy } from './remote-control.js';

type DiscoveryConfig = Pick<
  Config,
  'node' | 'camera' | 'motion' | 'zones' | 'mqtt' | 'commands' | 'images' | 'discovery'
>;

/** What the documents tell besides the configuration. */
export interface DiscoverySubject extends Shown {
  readonly version: string;
  /** Machine in words. */
  readonly host: string;
  /** What of health this machine tells. */
  readonly health: Pick<HealthPayload['host'], 'cpu_temp_c' | 'throttled'>;
  /** Whether a command is obeyed. */
  readonly obeys: (command: CommandName) => boolean;
}

/**
 * Gives what the documents are made of, for whatever is shown.
 * @throws ConfigError when `commands` names none.
 */
export async function discoveryInputs(
  config: DiscoveryConfig,
  version: string,
): Promise<(shown: Shown) => DiscoveryInput> {
  const policy = commandPolicy(config);
  const subject = {
    version,
    host: boardName(),
    health: await readHost('/'),
    obeys: (command: CommandName) => isAllowed(command, policy),
  };
  return (shown) => discoveryInput(config, { ...subject, ...shown });
}

/** Everything that Home Assistant's documents are made of: there is an entity of what is published or obeyed. */
export function discoveryInput(config: DiscoveryConfig, subject: DiscoverySubject): DiscoveryInput {
  const { node, camera, mqtt, discovery } = config;
  const root = `${mqtt.base}/${node}`;
  return {
    base: mqtt.base,
    nodeId: node,
    version: subject.version,
    host: subject.host,
    supportUrl: null,
    mode: discovery.mode,
    entities: discovery.entities,
    healthIntervalS: HEALTH_INTERVAL_S,
    topics: nodeTopics(root),
    features: nodeFeatures(subject),
    models: subject.models,
    logLevels: LOG_LEVEL.enum,
    ranges: {
      maxFps: { min: FPS.minimum, max: FPS.maximum, step: 0.1 },
      inferenceMaxFps: { min: FPS.minimum, max: FPS.maximum, step: 0.1 },
      threshold: { min: FRACTION.minimum, max: FRACTION.maximum, step: 0.01 },
    },
    cameras: [
      {
        id: camera.id,
        labels: subject.labels,
        zones: zonesOf(config.zones),
        topics: cameraTopics(`${root}/cam/${camera.id}`),
        features: cameraFeatures(config, subject),
      },
    ],
  };
}

function nodeTopics(root: string): NodeTopics {
  return {
    status: `${root}/status`,
    health: `${root}/health`,
    modelState: `${root}/model/state`,
    modelUpdate: `${root}/model/update`,
    setting: (name) => `${root}/setting/${name}`,
    set: (name) => `${root}/set/${name}`,
    request: (verb) => `${root}/request/${verb}`,
  };
}

function cameraTopics(root: string): CameraTopics {
  return {
    status: `${root}/status`,
    motion: `${root}/motion`,
    latestImage: `${root}/image/latest`,
    object: (label, value) => `${root}/object/${label}/${value}`,
    zoneOccupancy: (zone, label) => `${root}/zone/${zone}/object/${label}/occupancy`,
    event: (label, phase) => `${root}/event/${label}/${phase}`,
    image: (label) => `${root}/image/${label}`,
    setting: (name) => `${root}/setting/${name}`,
    set: (name) => `${root}/set/${name}`,
  };
}

function nodeFeatures({ health, obeys }: DiscoverySubject): NodeFeatures {
  return {
    health: isPublished('health'),
    cpuTemperature: health.cpu_temp_c !== null,
    throttling: health.throttled !== null,
    outbox: true,
    modelUpdate: isPublished('model/update'),
    setModel: obeys('set/model'),
    setLogLevel: obeys('set/log_level'),
    setInferenceMaxFps: obeys('set/inference_max_fps'),
    restart: obeys('restart'),
    rollBackModel: obeys('model/rollback'),
    loadModel: obeys('model/load'),
  };
}

function cameraFeatures(
  { images, motion }: DiscoveryConfig,
  { obeys }: DiscoverySubject,
): CameraFeatures {
  return {
    events: isPublished('cam/{camera}/event/{label}/{phase}'),
    motion: motion.enabled && isPublished('cam/{camera}/motion'),
    images: images !== 'none' && isPublished('cam/{camera}/image/latest'),
    setDetect: obeys('set/detect'),
    setPublishImages: obeys('set/publish_images'),
    setMaxFps: obeys('set/max_fps'),
    setThresholds: obeys('set/threshold'),
    setZones: obeys('set/zone'),
    restart: obeys('camera/restart'),
    snapshot: obeys('snapshot'),
  };
}

/** Whether the contract has the topic. */
function isPublished(pattern: string): boolean {
  return Object.values<TopicSpec>(TOPICS).some((spec) => spec.pattern === pattern);
}
