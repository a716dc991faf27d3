import type { Announced, RetiredComponent } from './announced.js';
import {
  componentTopic,
  type DiscoveryMessage,
  type DiscoveryPlace,
  deviceTopic,
} from './announcement.js';
import { uniqueId } from './device-document.js';
import type { DiscoveredDevice } from './discovery-documents.js';

/** The least that Home Assistant makes an entity of, on a topic where nothing is ever published. */
const STUBS: Readonly<Record<RetiredComponent['platform'], (topic: string) => object>> = {
  binary_sensor: (topic) => ({ state_topic: topic }),
  sensor: (topic) => ({ state_topic: topic }),
  event: (topic) => ({ state_topic: topic, event_types: ['none'] }),
  image: (topic) => ({ image_topic: topic }),
  camera: (topic) => ({ topic }),
  switch: (topic) => ({ command_topic: topic }),
  number: (topic) => ({ command_topic: topic }),
  select: (topic) => ({ command_topic: topic, options: ['none'] }),
  button: (topic) => ({ command_topic: topic }),
  update: (topic) => ({ state_topic: topic }),
};

/**
 * The messages that remove what Home Assistant still remembers although it was taken back while it
 * was off. To be sent when an announcement has answered its birth; with the last of them
 * delivered, `retired` has done its work and is to be emptied.
 *
 * A removal says nothing to a Home Assistant that has not seen the component since its start: it
 * would keep the entity for ever, unavailable. So each is shown once more, then removed.
 */
export function removeRemembered(
  { retired }: Announced,
  devices: readonly DiscoveredDevice[],
  { prefix, mode }: DiscoveryPlace,
): readonly DiscoveryMessage[] {
  const ids = new Set(retired.map(({ deviceId }) => deviceId));
  return Array.from(ids).flatMap((deviceId) => {
    const document = devices.find(({ id }) => id === deviceId)?.document ?? nobody(deviceId);
    const gone = retired.filter((component) => component.deviceId === deviceId);
    const { device, origin } = document;
    if (mode === 'component') {
      return gone.flatMap((component) => {
        const topic = componentTopic(prefix, deviceId, component.key, component.platform);
        const { platform: _, ...stub } = stubOf(component);
        return [told(topic, { ...stub, device, origin }), { topic, payload: '', retain: true }];
      });
    }
    const topic = deviceTopic(prefix, deviceId);
    const stubs = gone.map((component, index) => [`retired_${index}`, stubOf(component)] as const);
    const removals = stubs.map(([key, { platform }]) => [key, { platform }] as const);
    return [stubs, removals].map((parts) => {
      const components = { ...document.components, ...Object.fromEntries(parts) };
      return told(topic, { ...document, components });
    });
  });
}

function stubOf({ deviceId, key, platform }: RetiredComponent) {
  const unique_id = uniqueId(deviceId, key);
  return { platform, unique_id, ...STUBS[platform](`${deviceId}/retired`) };
}

/** What is left of a device that is not announced any more. */
function nobody(deviceId: string) {
  return { device: { identifiers: [deviceId] }, origin: { name: 'Lookout' }, components: {} };
}

/** Not kept: it is the announcement that stays. */
function told(topic: string, content: object): DiscoveryMessage {
  return { topic, payload: JSON.stringify(content), retain: false };
}
