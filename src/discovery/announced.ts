import { componentTopic, type DiscoveryPlace, deviceTopic } from './announcement.js';
import type { Platform } from './component.js';
import type { DiscoveredDevice } from './discovery-documents.js';
import type { DiscoveryMode } from './discovery-input.js';

/** What Home Assistant was told of, as it is kept to be able to take it back. Plain JSON. */
export interface Announced {
  readonly prefix: string;
  readonly mode: DiscoveryMode;
  readonly devices: readonly AnnouncedDevice[];
}

/** A device and the platform of each of its components, by their keys. */
export interface AnnouncedDevice {
  readonly id: string;
  readonly components: Readonly<Record<string, Platform>>;
}

/** What an announcement of these devices tells Home Assistant of. */
export function announcedBy(
  devices: readonly DiscoveredDevice[],
  { prefix, mode }: DiscoveryPlace,
): Announced {
  return {
    prefix,
    mode,
    devices: devices.map(({ id, document }) => ({
      id,
      components: Object.fromEntries(
        Object.entries(document.components).map(([key, { platform }]) => [key, platform]),
      ),
    })),
  };
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
