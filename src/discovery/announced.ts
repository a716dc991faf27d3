import { componentTopic, type DiscoveryPlace, deviceTopic } from './announcement.js';
import type { Platform } from './component.js';
import type { DiscoveredDevice } from './discovery-documents.js';
import type { DiscoveryMode } from './discovery-input.js';

/** A bound on what is remembered; the oldest goes first. */
const MAX_RETIRED = 256;

/** What Home Assistant was told of, as it is kept to be able to take it back. Plain JSON. */
export interface Announced {
  readonly prefix: string;
  readonly mode: DiscoveryMode;
  readonly devices: readonly AnnouncedDevice[];
  /** Taken back since Home Assistant was last known to have started: it may have missed that. */
  readonly retired: readonly RetiredComponent[];
}

/** A device and the platform of each of its components, by their keys. */
export interface AnnouncedDevice {
  readonly id: string;
  readonly components: Readonly<Record<string, Platform>>;
}

/** An entity that is not announced any more. */
export interface RetiredComponent {
  readonly deviceId: string;
  readonly key: string;
  readonly platform: Exclude<Platform, 'device_automation'>;
}

/**
 * What Home Assistant knows after an announcement of these devices.
 * @param before what it was told until then; null: nothing that is known of.
 */
export function announcedBy(
  before: Announced | null,
  devices: readonly DiscoveredDevice[],
  { prefix, mode }: DiscoveryPlace,
): Announced {
  const now = devices.map(({ id, document }) => ({
    id,
    components: Object.fromEntries(
      Object.entries(document.components).map(([key, { platform }]) => [key, platform]),
    ),
  }));
  return { prefix, mode, devices: now, retired: retiredBy(before, now) };
}

function retiredBy(
  before: Announced | null,
  now: readonly AnnouncedDevice[],
): readonly RetiredComponent[] {
  if (before === null) return [];
  const components = new Map(now.map((device) => [device.id, device.components]));
  return [...before.retired, ...before.devices.flatMap(entitiesOf)]
    .filter(({ deviceId, key, platform }) => components.get(deviceId)?.[key] !== platform)
    .slice(-MAX_RETIRED);
}

function entitiesOf({ id, components }: AnnouncedDevice): readonly RetiredComponent[] {
  return Object.entries(components).flatMap(([key, platform]) =>
    // Home Assistant remembers no triggers over a restart.
    platform === 'device_automation' ? [] : { deviceId: id, key, platform },
  );
}

/** What Home Assistant may know when it is open whether it was told this after what was before. */
export function perhapsAnnounced(before: Announced | null, sent: Announced): Announced {
  if (before === null) return sent;
  const devices = new Map(before.devices.map((device) => [device.id, device]));
  for (const { id, components } of sent.devices) {
    devices.set(id, { id, components: { ...devices.get(id)?.components, ...components } });
  }
  return { ...before, devices: [...devices.values()] };
}

/** Every topic that holds something of what was announced. */
export function announcedTopics({ prefix, mode, devices }: Announced): readonly string[] {
  return devices.flatMap((device) => topicsOfDevice(device, prefix, mode));
}

/** The topics of one device. */
export function topicsOfDevice(
  { id, components }: AnnouncedDevice,
  prefix: string,
  mode: DiscoveryMode,
): readonly string[] {
  if (mode === 'device') return [deviceTopic(prefix, id)];
  return Object.entries(components).map(([key, platform]) =>
    componentTopic(prefix, id, key, platform),
  );
}

/**
 * Topic filters for everything that stands under the ids of the devices, in either mode, whoever
 * published it.
 */
export function ownTopicFilters({ prefix, devices }: Announced): readonly string[] {
  return devices.flatMap(({ id }) => [deviceTopic(prefix, id), `${prefix}/+/${id}/+/config`]);
}
