import { spellTopic } from '../contract/topic-spelling.js';
import type { Component, DeviceDocument, Platform } from './component.js';
import type { DiscoveredDevice } from './discovery-documents.js';
import type { DiscoveryMode } from './discovery-input.js';

/** One message to Home Assistant, QoS 1. The empty payload takes back what the topic announced. */
export interface DiscoveryMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** Where and how it is announced. */
export interface DiscoveryPlace {
  /** `homeassistant` where the user has not changed it. */
  readonly prefix: string;
  readonly mode: DiscoveryMode;
  /** Whether the broker keeps it: others than Home Assistant may ask for nothing when they start. */
  readonly retain: boolean;
}

/** Topic of a device's document. */
export function deviceTopic(prefix: string, deviceId: string): string {
  return spellTopic('discovery', { prefix, device: deviceId });
}

/** Topic of one component of a device in the mode `component`. */
export function componentTopic(
  prefix: string,
  deviceId: string,
  key: string,
  platform: Platform,
): string {
  return spellTopic('discoveryComponent', { prefix, platform, device: deviceId, entity: key });
}

/** The messages that announce the devices, in order. */
export function announcement(
  devices: readonly DiscoveredDevice[],
  { prefix, mode, retain }: DiscoveryPlace,
): readonly DiscoveryMessage[] {
  return devices.flatMap(({ id, document }) => {
    if (mode === 'device') {
      return [{ topic: deviceTopic(prefix, id), payload: JSON.stringify(document), retain }];
    }
    return Object.entries(document.components).map(([key, component]) => ({
      topic: componentTopic(prefix, id, key, component.platform),
      payload: JSON.stringify(standingAlone(document, component)),
      retain,
    }));
  });
}

/** The component with what it has of its document. */
function standingAlone(document: DeviceDocument, { platform, ...component }: Component): object {
  const { device, origin, availability, availability_mode, qos } = document;
  // Triggers know no availability; the platform stands in the topic.
  if (platform === 'device_automation') return { ...component, device, origin, qos };
  return { availability, availability_mode, ...component, device, origin, qos };
}
