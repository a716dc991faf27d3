import type { Component, DeviceDocument } from './component.js';
import type { EntityLevel } from './discovery-input.js';
import { type Draft, isShown } from './draft.js';
import { entityName } from './names.js';

/** Everything of a device but its components; `id` is what its document's topic is made of. */
export interface DeviceHead extends Omit<DeviceDocument, 'components'> {
  readonly id: string;
}

/** A device with the components that a level shows. */
export interface DescribedDevice {
  readonly id: string;
  readonly document: DeviceDocument;
  /** Keys that more than one component wants; the first has it. */
  readonly repeatedKeys: readonly string[];
}

/** Gives the drafts that a level shows their ids and makes the document of them. */
export function describeDevice(
  { id, ...head }: DeviceHead,
  drafts: readonly Draft[],
  level: EntityLevel,
): DescribedDevice {
  const components: Record<string, Component> = {};
  const repeatedKeys: string[] = [];
  for (const draft of drafts) {
    if (!isShown(draft, level)) continue;
    if (Object.hasOwn(components, draft.key)) repeatedKeys.push(draft.key);
    else components[draft.key] = componentOf(draft, id, head.device.name);
  }
  const device = { ...head.device, name: distinctName(head.device.name, components) };
  return { id, document: { ...head, device, components }, repeatedKeys };
}

/** What Home Assistant keeps an entity by: of the device and the key, never of a name. */
export function uniqueId(deviceId: string, key: string): string {
  return `${deviceId}_${key}`;
}

function componentOf({ key, body }: Draft, deviceId: string, deviceName: string): Component {
  if (body.platform === 'device_automation') return body;
  return {
    ...body,
    unique_id: uniqueId(deviceId, key),
    default_entity_id: `${body.platform}.${entityName(deviceName, body.name)}`,
  };
}

/** Home Assistant complains of an entity whose name begins with its device's name. */
function distinctName(name: string, components: Readonly<Record<string, Component>>): string {
  const repeats = Object.values(components).some(
    (component) => 'name' in component && repeatsName(component.name, name),
  );
  return repeats ? `Camera ${name}` : name;
}

/** Whether an entity's name begins with its device's name. */
export function repeatsName(entity: string | null, device: string): boolean {
  return entity?.toLowerCase().startsWith(device.toLowerCase()) ?? false;
}
