import { labelSlug } from '../domain/slug.js';
import type { CameraInput, DiscoveryInput } from './discovery-input.js';
import { CONFIG, type Draft } from './draft.js';
import { ANY_LABEL, type LabelName, words } from './names.js';
import { zoneEntered } from './templates.js';

/** What a camera's device can show of a label. */
export function labelDrafts(
  input: DiscoveryInput,
  camera: CameraInput,
  label: LabelName,
): readonly Draft[] {
  const drafts = [...stateDrafts(camera, label), ...zoneDrafts(camera, label)];
  // Events have the label of their object, and so do thresholds and pictures.
  if (label.slug === ANY_LABEL) return drafts;
  return [
    ...drafts,
    ...triggerDrafts(camera, label),
    ...zoneTriggerDrafts(camera, label),
    ...ownDrafts(input, camera, label),
  ];
}

function stateDrafts({ topics }: CameraInput, { slug, text }: LabelName): readonly Draft[] {
  return [
    {
      key: `object_${slug}_occupancy`,
      level: 'minimal',
      when: true,
      body: {
        platform: 'binary_sensor',
        name: text,
        device_class: 'occupancy',
        state_topic: topics.object(slug, 'occupancy'),
      },
    },
    {
      key: `object_${slug}_count`,
      level: 'standard',
      when: true,
      body: {
        platform: 'sensor',
        name: `${text} count`,
        state_class: 'measurement',
        state_topic: topics.object(slug, 'count'),
      },
    },
    {
      key: `object_${slug}_last_seen`,
      level: 'all',
      when: true,
      body: {
        platform: 'sensor',
        name: `${text} last seen`,
        device_class: 'timestamp',
        state_topic: topics.object(slug, 'last_seen'),
        // Cleared when a new run has not seen one yet.
        value_template: '{{ value or none }}',
      },
    },
  ];
}

function zoneDrafts(camera: CameraInput, { slug, text }: LabelName): readonly Draft[] {
  return zonesFor(slug, camera).map((zone) => ({
    key: `zone_${zone}_object_${slug}_occupancy`,
    level: 'standard',
    when: true,
    body: {
      platform: 'binary_sensor',
      name: `${words(zone)} ${text.toLowerCase()}`,
      device_class: 'occupancy',
      state_topic: camera.topics.zoneOccupancy(zone, slug),
    },
  }));
}

/** Ids of the zones in which the label counts. */
function zonesFor(label: string, { zones }: CameraInput): readonly string[] {
  const counted = zones.filter(
    ({ labels }) =>
      label === ANY_LABEL || labels.length === 0 || labels.map(labelSlug).includes(label),
  );
  return counted.map(({ id }) => id);
}

/** Only on topics where nothing is ever retained: a retained event fires when Home Assistant starts. */
function triggerDrafts({ topics, features }: CameraInput, { slug }: LabelName): readonly Draft[] {
  const trigger = { platform: 'device_automation', automation_type: 'trigger' } as const;
  return [
    {
      key: `trigger_${slug}_appeared`,
      level: 'standard',
      when: features.events,
      body: { ...trigger, type: 'appeared', subtype: slug, topic: topics.event(slug, 'start') },
    },
    {
      key: `trigger_${slug}_left`,
      level: 'standard',
      when: features.events,
      body: { ...trigger, type: 'left', subtype: slug, topic: topics.event(slug, 'end') },
    },
  ];
}

function zoneTriggerDrafts(camera: CameraInput, { slug }: LabelName): readonly Draft[] {
  return zonesFor(slug, camera).map((zone) => ({
    key: `trigger_${slug}_entered_${zone}`,
    level: 'all',
    when: camera.features.events,
    body: {
      platform: 'device_automation',
      automation_type: 'trigger',
      type: `entered ${zone}`,
      subtype: slug,
      topic: camera.topics.event(slug, '+'),
      value_template: zoneEntered(zone),
      payload: zone,
    },
  }));
}

function ownDrafts(
  input: DiscoveryInput,
  { topics, features }: CameraInput,
  { slug, text }: LabelName,
): readonly Draft[] {
  return [
    {
      key: `image_${slug}`,
      level: 'standard',
      when: features.images,
      body: {
        platform: 'image',
        name: `${text} picture`,
        image_topic: topics.image(slug),
        content_type: 'image/jpeg',
      },
    },
    {
      key: `threshold_${slug}`,
      level: 'all',
      when: features.setThresholds,
      body: {
        platform: 'number',
        name: `${text} threshold`,
        ...input.ranges.threshold,
        mode: 'slider',
        state_topic: topics.setting(`threshold/${slug}`),
        command_topic: topics.set(`threshold/${slug}`),
        availability: [{ topic: input.topics.status }],
        ...CONFIG,
      },
    },
  ];
}
