import {
  type Announced,
  type AnnouncedDevice,
  announcedBy,
  announcedTopics,
  topicsOfDevice,
} from './announced.js';
import {
  announcement,
  type DiscoveryMessage,
  type DiscoveryPlace,
  deviceTopic,
} from './announcement.js';
import type { DeviceDocument } from './component.js';
import type { DiscoveredDevice } from './discovery-documents.js';

/** Makes Home Assistant let go of an entity without forgetting it, for another topic to take over. */
const MIGRATION = JSON.stringify({ migrate_discovery: true });

/**
 * The messages that bring Home Assistant from what it was told before to these devices. Every one
 * has to be sent, in order, even where a later one has the same topic. What is told now
 * (`announcedBy`) is to be kept when the broker has taken the last of them. After any change all
 * states have to be told again: a select whose options have changed shows none until then.
 * @param before null: nothing that is known of.
 */
export function changeAnnouncement(
  before: Announced | null,
  devices: readonly DiscoveredDevice[],
  place: DiscoveryPlace,
): readonly DiscoveryMessage[] {
  const messages = announcement(devices, place);
  if (before === null) return messages;
  if (before.prefix !== place.prefix) return [...forgetAnnounced(before), ...messages];

  const documents = new Map(devices.map(({ id, document }) => [id, document]));
  const now = new Map(
    announcedBy(null, devices, place).devices.map((device) => [device.id, device]),
  );
  const removals: DiscoveryMessage[] = [];
  const staying: AnnouncedDevice[] = [];
  for (const device of before.devices) {
    const document = documents.get(device.id);
    const { kept, gone } = parted(device, now.get(device.id));
    removals.push(...removal(gone, document, before));
    if (document) staying.push(kept);
  }
  if (before.mode === place.mode) return [...removals, ...messages];

  const old = announcedTopics({ ...before, devices: staying });
  return [
    ...removals,
    ...old.map((topic) => ({ topic, payload: MIGRATION, retain: false })),
    ...messages,
    ...cleared(old),
  ];
}

/** The messages that take back all that was announced. */
export function forgetAnnounced(before: Announced): readonly DiscoveryMessage[] {
  return cleared(announcedTopics(before));
}

/** The components that are still there, and those that are not or have another platform now. */
function parted({ id, components }: AnnouncedDevice, now: AnnouncedDevice | undefined) {
  const entries = Object.entries(components);
  const isKept = ([key, platform]: (typeof entries)[number]) => now?.components[key] === platform;
  return {
    kept: { id, components: Object.fromEntries(entries.filter(isKept)) },
    gone: { id, components: Object.fromEntries(entries.filter((entry) => !isKept(entry))) },
  };
}

/** Takes back components; all of them where the device itself is gone. */
function removal(
  gone: AnnouncedDevice,
  document: DeviceDocument | undefined,
  { prefix, mode }: Announced,
): readonly DiscoveryMessage[] {
  if (document === undefined || mode === 'component') {
    return cleared(topicsOfDevice(gone, prefix, mode));
  }
  const platforms = Object.entries(gone.components).map(([key, platform]) => [key, { platform }]);
  if (platforms.length === 0) return [];
  // Leaving a component out does not remove it, naming nothing but its platform does.
  const components = { ...document.components, ...Object.fromEntries(platforms) };
  const payload = JSON.stringify({ ...document, components });
  return [{ topic: deviceTopic(prefix, gone.id), payload, retain: false }];
}

function cleared(topics: readonly string[]): readonly DiscoveryMessage[] {
  // Retained even where nothing else is: only so does the broker forget what it may still keep.
  return topics.map((topic) => ({ topic, payload: '', retain: true }));
}
