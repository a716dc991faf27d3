import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { announcedBy } from '../src/discovery/announced.js';
import { announcement, type DiscoveryPlace } from '../src/discovery/announcement.js';
import { changeAnnouncement, forgetAnnounced } from '../src/discovery/change-announcement.js';
import { discoveryDocuments } from '../src/discovery/discovery-documents.js';
import type { DiscoveryInput, DiscoveryMode } from '../src/discovery/discovery-input.js';
import { removeRemembered } from '../src/discovery/remembered.js';
import { sampleCamera, sampleDiscovery, sampleStates } from '../test/helpers/sample-discovery.js';

/**
 * Writes what Home Assistant would be sent, for its own schemas and for a real one to judge:
 * `MODE-LEVEL.json` with the announcement, and the changes from one to another. Each is a list of
 * messages in order.
 */
function main([out]: readonly string[]): void {
  if (out === undefined) throw new Error('Usage: write-discovery-samples FOLDER');
  mkdirSync(out, { recursive: true });
  const write = (name: string, content: unknown) =>
    writeFileSync(join(out, `${name}.json`), `${JSON.stringify(content, null, 1)}\n`);

  for (const mode of ['device', 'component'] as const) {
    for (const entities of ['minimal', 'standard', 'all'] as const) {
      const place = placeOf(mode);
      write(`${mode}-${entities}`, announcement(devicesOf({ mode, entities }), place));
    }
  }
  const all = devicesOf({});
  const device = announcedBy(null, all, placeOf('device'));
  const component = announcedBy(null, all, placeOf('component'));
  const fewer = devicesOf({ cameras: [sampleCamera({ labels: ['person'] })] });
  const noCamera = devicesOf({ cameras: [] });
  const otherModels = devicesOf({ models: ['yolov8n', 'ssd_coco', 'own'] });
  write('change-to-components', changeAnnouncement(device, all, placeOf('component')));
  write('change-to-devices', changeAnnouncement(component, all, placeOf('device')));
  write('change-models', changeAnnouncement(device, otherModels, placeOf('device')));
  write('change-labels', changeAnnouncement(device, fewer, placeOf('device')));
  for (const place of [placeOf('device'), placeOf('component')]) {
    const after = announcedBy(announcedBy(null, all, place), noCamera, place);
    write(`${place.mode}-without-camera`, announcement(noCamera, place));
    write(`${place.mode}-remembered`, removeRemembered(after, noCamera, place));
  }
  const fewerThan = announcedBy(device, fewer, placeOf('device'));
  write('remembered-labels', removeRemembered(fewerThan, fewer, placeOf('device')));
  write('change-camera', changeAnnouncement(device, noCamera, placeOf('device')));
  write('forget', forgetAnnounced(device));
  write('forget-components', forgetAnnounced(component));
  write(
    'states',
    Object.entries(sampleStates()).map(([topic, payload]) => ({ topic, payload, retain: true })),
  );
}

function devicesOf(changes: Partial<DiscoveryInput>) {
  const { devices, problems } = discoveryDocuments(sampleDiscovery(changes));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return devices;
}

function placeOf(mode: DiscoveryMode): DiscoveryPlace {
  return { prefix: 'homeassistant', mode, retain: true };
}

main(process.argv.slice(2));
