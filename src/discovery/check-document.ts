import { componentProblems } from './check-component.js';
import type { Component, DeviceDocument } from './component.js';
import { repeatsName } from './device-document.js';

/** Ids of anything else Home Assistant ignores with a warning. */
const LEGAL_ID = /^[a-zA-Z0-9_-]+$/;

/** One unknown key in these places and Home Assistant rejects the whole document. */
const ROOT_KEYS = ['device', 'origin', 'availability', 'availability_mode', 'qos', 'components'];
const DEVICE_KEYS = ['identifiers', 'name', 'manufacturer', 'model', 'sw_version', 'via_device'];
const ORIGIN_KEYS = ['name', 'sw_version', 'support_url'];

/** Something wrong in a document. */
export interface DocumentProblem {
  /** The component; null: the document as a whole, which cannot be sent then. */
  readonly key: string | null;
  /** What was found, in one sentence without a full stop. */
  readonly detail: string;
}

/**
 * What Home Assistant would reject, drop or misunderstand. Leaving out the components that are
 * named cures their problems.
 * @param id what the topic of the document is made of.
 */
export function documentProblems(id: string, document: DeviceDocument): readonly DocumentProblem[] {
  const ofWhole = [
    ...(LEGAL_ID.test(id) ? [] : [`id "${id}" may only have letters, digits, _ and -`]),
    ...unknownKeys('document', document, ROOT_KEYS),
    ...unknownKeys('device', document.device, DEVICE_KEYS),
    ...unknownKeys('origin', document.origin, ORIGIN_KEYS),
    ...headProblems(document),
  ];
  return [
    ...ofWhole.map((detail) => ({ key: null, detail })),
    ...Object.entries(document.components).flatMap(([key, component]) =>
      [
        ...(LEGAL_ID.test(key) ? [] : ['its key may only have letters, digits, _ and -']),
        ...componentProblems(component),
        ...nameProblems(component, document.device.name),
      ].map((detail) => ({ key, detail })),
    ),
    ...repeatedIds(document),
  ];
}

function headProblems({ device, origin, availability_mode }: DeviceDocument): readonly string[] {
  const problems: string[] = [];
  if (!device.identifiers?.some((identifier) => identifier !== '')) {
    problems.push('"device" has no identifiers');
  }
  if (!origin.name) problems.push('"origin" has no name');
  const { support_url: url } = origin;
  if (url !== undefined && !/^https?:\/\/[^/\s]/.test(url)) {
    problems.push(`"support_url" is "${url}", not a web address`);
  }
  if (availability_mode !== 'all') problems.push('"availability_mode" is not "all"');
  return problems;
}

function unknownKeys(place: string, fields: object, known: readonly string[]): readonly string[] {
  return Object.keys(fields)
    .filter((key) => !known.includes(key))
    .map((key) => `unknown key "${key}" in ${place}: valid are ${known.join(', ')}`);
}

function nameProblems(component: Component, device: string): readonly string[] {
  if (!('name' in component) || !repeatsName(component.name, device)) return [];
  return [`its name "${component.name}" repeats the device's name "${device}"`];
}

/** Of two equal ids on one platform Home Assistant drops the second. */
function repeatedIds({ components }: DeviceDocument): readonly DocumentProblem[] {
  const seen = new Set<string>();
  const problems: DocumentProblem[] = [];
  for (const [key, component] of Object.entries(components)) {
    if (component.platform === 'device_automation') continue;
    const id = `${component.platform} ${component.unique_id}`;
    if (seen.has(id)) problems.push({ key, detail: `"unique_id" repeats that of another ${id}` });
    seen.add(id);
  }
  return problems;
}
