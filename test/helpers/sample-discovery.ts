import type {
  CameraFeatures,
  CameraInput,
  DiscoveryInput,
  NodeFeatures,
} from '../../src/discovery/discovery-input.js';

const NODE = 'lookout/pi4';
const CAMERA = `${NODE}/cam/porch`;

/** A node that publishes and takes everything that Home Assistant can be shown. */
export const EVERYTHING: NodeFeatures = {
  health: true,
  cpuTemperature: true,
  throttling: true,
  outbox: true,
  modelUpdate: true,
  setModel: true,
  setLogLevel: true,
  setInferenceMaxFps: true,
  restart: true,
  rollBackModel: true,
  loadModel: true,
};

/** A camera that publishes and takes everything that Home Assistant can be shown. */
export const EVERYTHING_OF_CAMERA: CameraFeatures = {
  events: true,
  motion: true,
  images: true,
  setDetect: true,
  setPublishImages: true,
  setMaxFps: true,
  setThresholds: true,
  setZones: true,
  restart: true,
  snapshot: true,
};

/** A camera `porch` with two labels and a zone that has all there is. */
export function sampleCamera(changes: Partial<CameraInput> = {}): CameraInput {
  return {
    id: 'porch',
    labels: ['person', 'traffic light'],
    zones: [{ id: 'front_drive', labels: [] }],
    topics: {
      status: `${CAMERA}/status`,
      motion: `${CAMERA}/motion`,
      latestImage: `${CAMERA}/image/latest`,
      object: (label, value) => `${CAMERA}/object/${label}/${value}`,
      zoneOccupancy: (zone, label) => `${CAMERA}/zone/${zone}/object/${label}/occupancy`,
      event: (label, phase) => `${CAMERA}/event/${label}/${phase}`,
      image: (label) => `${CAMERA}/image/${label}`,
      setting: (name) => `${CAMERA}/setting/${name}`,
      set: (name) => `${CAMERA}/set/${name}`,
    },
    features: EVERYTHING_OF_CAMERA,
    ...changes,
  };
}

/** A node `pi4` with the sample camera, shown with all there is, as documents. */
export function sampleDiscovery(changes: Partial<DiscoveryInput> = {}): DiscoveryInput {
  return {
    base: 'lookout',
    nodeId: 'pi4',
    version: '0.1.0',
    host: 'Raspberry Pi 4 Model B',
    supportUrl: 'https://example.org/lookout',
    mode: 'device',
    entities: 'all',
    healthIntervalS: 60,
    topics: {
      status: `${NODE}/status`,
      health: `${NODE}/health`,
      modelState: `${NODE}/model/state`,
      modelUpdate: `${NODE}/model/update`,
      setting: (name) => `${NODE}/setting/${name}`,
      set: (name) => `${NODE}/set/${name}`,
      request: (verb) => `${NODE}/request/${verb}`,
    },
    features: EVERYTHING,
    models: ['ssd_coco', 'yolov8n'],
    logLevels: ['error', 'warn', 'info', 'debug'],
    ranges: {
      maxFps: { min: 0.1, max: 120, step: 0.1 },
      inferenceMaxFps: { min: 0.1, max: 120, step: 0.1 },
      threshold: { min: 0, max: 1, step: 0.01 },
    },
    cameras: [sampleCamera()],
    ...changes,
  };
}

/** What a truthful node would have retained for the sample, by topic; `status` comes last. */
export function sampleStates(): Readonly<Record<string, string>> {
  const health = {
    v: 1,
    level: 'ok',
    reasons: [],
    camera: [{ id: 'porch', fps_in: 14.9 }],
    inference: { ms: { p50: 61.6 } },
    latency_ms: { p50: 120 },
    mqtt: { events_waiting: 0 },
    host: { cpu_temp_c: 51.4, throttled: { now: false, ever: false, undervoltage: false } },
  };
  const update = {
    v: 1,
    installed_version: '1.0.0',
    latest_version: '1.1.0',
    title: 'SSD COCO',
    release_summary: null,
    release_url: null,
    update_percentage: null,
  };
  const states: Record<string, string> = {
    [`${NODE}/health`]: JSON.stringify(health),
    [`${NODE}/model/state`]: JSON.stringify({ v: 1, active: { name: 'ssd_coco' } }),
    [`${NODE}/model/update`]: JSON.stringify(update),
    [`${NODE}/setting/model`]: 'ssd_coco',
    [`${NODE}/setting/log_level`]: 'info',
    [`${NODE}/setting/inference_max_fps`]: '10',
    [`${CAMERA}/motion`]: 'OFF',
    [`${CAMERA}/setting/detect`]: 'ON',
    [`${CAMERA}/setting/publish_images`]: 'OFF',
    [`${CAMERA}/setting/max_fps`]: '5',
    [`${CAMERA}/setting/zone/front_drive`]: 'ON',
  };
  for (const label of ['any', 'person', 'traffic_light']) {
    states[`${CAMERA}/object/${label}/occupancy`] = 'OFF';
    states[`${CAMERA}/object/${label}/count`] = '0';
    states[`${CAMERA}/object/${label}/last_seen`] = '2026-11-21T01:00:00.123Z';
    states[`${CAMERA}/zone/front_drive/object/${label}/occupancy`] = 'OFF';
    states[`${CAMERA}/setting/threshold/${label}`] = '0.5';
  }
  return { ...states, [`${CAMERA}/status`]: 'online', [`${NODE}/status`]: 'online' };
}
