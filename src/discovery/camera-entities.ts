import type { CameraInput, DiscoveryInput } from './discovery-input.js';
import { CONFIG, DIAGNOSTIC, type Draft, OFF_AT_FIRST } from './draft.js';
import { words } from './names.js';
import { EVENT_TEMPLATE, ofCamera, valueAt } from './templates.js';

/** What a camera's device can show besides its labels. */
export function cameraDrafts(input: DiscoveryInput, camera: CameraInput): readonly Draft[] {
  return [
    ...sightDrafts(camera, input),
    ...figureDrafts(camera, input),
    ...imageDrafts(camera),
    ...settingDrafts(camera, input),
    ...requestDrafts(camera, input),
  ];
}

/**
 * Controls stay while no frames flow: they are what brings the camera back. The connection of a
 * camera is known as long as its node is there to tell it.
 */
function whileNodeIsThere({ topics }: DiscoveryInput) {
  return { availability: [{ topic: topics.status }] };
}

function sightDrafts({ topics, features }: CameraInput, input: DiscoveryInput): readonly Draft[] {
  return [
    {
      key: 'connected',
      level: 'minimal',
      when: true,
      body: {
        platform: 'binary_sensor',
        name: 'Connected',
        device_class: 'connectivity',
        state_topic: topics.status,
        payload_on: 'online',
        payload_off: 'offline',
        ...whileNodeIsThere(input),
        ...DIAGNOSTIC,
      },
    },
    {
      key: 'motion',
      level: 'minimal',
      when: features.motion,
      body: {
        platform: 'binary_sensor',
        name: 'Motion',
        device_class: 'motion',
        state_topic: topics.motion,
      },
    },
    {
      key: 'object',
      level: 'standard',
      when: features.events,
      body: {
        platform: 'event',
        name: 'Object',
        event_types: ['start', 'update', 'end'],
        state_topic: topics.event('+', '+'),
        value_template: EVENT_TEMPLATE,
      },
    },
  ];
}

function figureDrafts({ id }: CameraInput, input: DiscoveryInput): readonly Draft[] {
  const measured = {
    platform: 'sensor',
    state_topic: input.topics.health,
    state_class: 'measurement',
    expire_after: Math.ceil(3 * input.healthIntervalS),
    ...DIAGNOSTIC,
  } as const;
  return [
    {
      key: 'fps',
      level: 'standard',
      when: input.features.health,
      body: {
        ...measured,
        name: 'Frame rate',
        unit_of_measurement: 'fps',
        value_template: ofCamera(id, 'fps_in'),
      },
    },
    {
      key: 'latency_ms',
      level: 'all',
      when: input.features.health,
      body: {
        ...measured,
        name: 'End to end',
        device_class: 'duration',
        unit_of_measurement: 'ms',
        value_template: valueAt('latency_ms', 'p50'),
        ...OFF_AT_FIRST,
      },
    },
  ];
}

function imageDrafts({ topics, features }: CameraInput): readonly Draft[] {
  return [
    {
      key: 'latest_image',
      level: 'standard',
      when: features.images,
      body: {
        platform: 'image',
        name: 'Latest snapshot',
        image_topic: topics.latestImage,
        content_type: 'image/jpeg',
      },
    },
    {
      // For consumers that know cameras but no images, openHAB among them.
      key: 'latest_camera',
      level: 'all',
      when: features.images,
      body: { platform: 'camera', name: 'Latest snapshot', topic: topics.latestImage },
    },
  ];
}

function settingDrafts(camera: CameraInput, input: DiscoveryInput): readonly Draft[] {
  const { topics, features, zones } = camera;
  const setting = (name: 'detect' | 'publish_images' | 'max_fps' | `zone/${string}`) => ({
    state_topic: topics.setting(name),
    command_topic: topics.set(name),
    ...whileNodeIsThere(input),
    ...CONFIG,
  });
  return [
    {
      key: 'detect',
      level: 'minimal',
      when: features.setDetect,
      body: { platform: 'switch', name: 'Detection', ...setting('detect') },
    },
    {
      key: 'publish_images',
      level: 'standard',
      when: features.images && features.setPublishImages,
      body: { platform: 'switch', name: 'Publish images', ...setting('publish_images') },
    },
    {
      key: 'max_fps',
      level: 'standard',
      when: features.setMaxFps,
      body: {
        platform: 'number',
        name: 'Rate limit',
        ...input.ranges.maxFps,
        mode: 'box',
        unit_of_measurement: 'fps',
        ...setting('max_fps'),
      },
    },
    ...zones.map(
      ({ id: zone }): Draft => ({
        key: `zone_${zone}`,
        level: 'standard',
        when: features.setZones,
        body: { platform: 'switch', name: `Zone ${words(zone)}`, ...setting(`zone/${zone}`) },
      }),
    ),
  ];
}

function requestDrafts({ id, features }: CameraInput, input: DiscoveryInput): readonly Draft[] {
  // No id: the same one again would be taken for the same request.
  const request = (verb: 'camera/restart' | 'snapshot') => ({
    command_topic: input.topics.request(verb),
    payload_press: JSON.stringify({ args: { camera: id } }),
    ...whileNodeIsThere(input),
  });
  return [
    {
      key: 'restart',
      level: 'standard',
      when: features.restart,
      body: {
        platform: 'button',
        name: 'Restart camera',
        device_class: 'restart',
        ...request('camera/restart'),
        ...CONFIG,
      },
    },
    {
      key: 'snapshot',
      level: 'standard',
      when: features.images && features.snapshot,
      body: { platform: 'button', name: 'Take snapshot', ...request('snapshot') },
    },
  ];
}
