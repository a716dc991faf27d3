import { cameraDrafts } from './camera-entities.js';
import { documentProblems } from './check-document.js';
import type { DeviceDocument } from './component.js';
import { type DescribedDevice, type DeviceHead, describeDevice } from './device-document.js';
import type { CameraInput, DiscoveryInput, EntityLevel } from './discovery-input.js';
import type { Draft } from './draft.js';
import { labelDrafts } from './label-entities.js';
import { cameraName, labelNames } from './names.js';
import { nodeDrafts } from './node-entities.js';

/** Some brokers and clients take no larger packets. */
export const MAX_DOCUMENT_BYTES = 64 * 1024;

const MAKER = 'Lookout';

/** A document that Home Assistant takes, and the id that its topics are made of. */
export interface DiscoveredDevice {
  readonly id: string;
  readonly document: DeviceDocument;
}

/** What Home Assistant is shown. */
export interface Discovery {
  /** The node first, then its cameras. */
  readonly devices: readonly DiscoveredDevice[];
  /** What had to be left out and why, in sentences without a full stop. */
  readonly problems: readonly string[];
}

/**
 * Describes the node and each of its cameras. What Home Assistant would not take is left out, so
 * that it does not lose the rest, and named in `problems`. A device whose document would be over
 * 64 KiB is shown with fewer entities.
 */
export function discoveryDocuments(input: DiscoveryInput): Discovery {
  const node = fitting(nodeHead(input), input, () => nodeDrafts(input));
  const cameras = input.cameras.map((camera) =>
    fitting(cameraHead(input, camera), input, (rung) => [
      ...cameraDrafts(input, camera),
      ...labelNames(rung.hasLabels ? camera.labels : []).flatMap((label) =>
        labelDrafts(input, camera, label),
      ),
    ]),
  );
  const found = [node, ...cameras];
  return {
    devices: found.flatMap(({ device }) => device ?? []),
    problems: found.flatMap(({ problems }) => problems),
  };
}

/** How much of a device is shown. */
interface Rung {
  readonly level: EntityLevel;
  readonly hasLabels: boolean;
}

const LADDER: readonly Rung[] = [
  { level: 'all', hasLabels: true },
  { level: 'standard', hasLabels: true },
  { level: 'minimal', hasLabels: true },
  { level: 'minimal', hasLabels: false },
];

interface Found {
  readonly device: DiscoveredDevice | null;
  readonly problems: readonly string[];
}

/** The device with all that was asked for, or with as much of it as fits into one message. */
function fitting(
  head: DeviceHead,
  { entities, mode }: DiscoveryInput,
  draftsOf: (rung: Rung) => readonly Draft[],
): Found {
  const asked = LADDER.findIndex(({ level }) => level === entities);
  let tooLarge: string | null = null;
  for (const rung of LADDER.slice(asked)) {
    const { device, problems } = checked(describeDevice(head, draftsOf(rung), rung.level));
    const bytes = device ? Buffer.byteLength(JSON.stringify(device.document)) : 0;
    if (mode === 'component' || bytes <= MAX_DOCUMENT_BYTES) {
      return {
        device,
        problems: tooLarge === null ? problems : [tooLarge + shown(rung), ...problems],
      };
    }
    tooLarge ??= `"${head.id}" with ${entities} entities is ${bytes} bytes, at most ${MAX_DOCUMENT_BYTES} are sent: `;
  }
  return { device: null, problems: [`${tooLarge}it is not shown`] };
}

function shown({ level, hasLabels }: Rung): string {
  return `it is shown with ${level} entities${hasLabels ? '' : ' and no labels'}`;
}

/** The device without the components that Home Assistant would not take. */
function checked({ id, document, repeatedKeys }: DescribedDevice): Found {
  const problems = documentProblems(id, document);
  const bad = new Set(problems.map(({ key }) => key));
  const components = Object.fromEntries(
    Object.entries(document.components).filter(([key]) => !bad.has(key)),
  );
  return {
    device: bad.has(null) ? null : { id, document: { ...document, components } },
    problems: [
      ...problems.map(({ key, detail }) => `"${key === null ? id : `${id} ${key}`}": ${detail}`),
      ...repeatedKeys.map((key) => `"${id} ${key}": two entities have this key, one is shown`),
    ],
  };
}

function nodeHead(input: DiscoveryInput): DeviceHead {
  const id = nodeDeviceId(input);
  return {
    id,
    device: {
      identifiers: [id],
      name: `${MAKER} ${input.nodeId}`,
      manufacturer: MAKER,
      model: input.host,
      sw_version: input.version,
    },
    ...originOf(input),
    availability: [{ topic: input.topics.status }],
  };
}

function cameraHead(input: DiscoveryInput, { id: cameraId, topics }: CameraInput): DeviceHead {
  const node = nodeDeviceId(input);
  const id = `${node}_cam_${cameraId}`;
  return {
    id,
    device: {
      identifiers: [id],
      name: cameraName(input.nodeId, cameraId),
      manufacturer: MAKER,
      model: 'Camera',
      sw_version: input.version,
      via_device: node,
    },
    ...originOf(input),
    availability: [{ topic: input.topics.status }, { topic: topics.status }],
  };
}

function originOf({ version, supportUrl }: DiscoveryInput) {
  return {
    origin: {
      name: MAKER,
      sw_version: version,
      ...(supportUrl !== null && { support_url: supportUrl }),
    },
    availability_mode: 'all',
    qos: 1,
  } as const;
}

function nodeDeviceId({ base, nodeId }: DiscoveryInput): string {
  return `${base.replaceAll('/', '_')}_${nodeId}`;
}
