import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Announced, announcedBy } from '../../src/discovery/announced.js';
import type { DiscoveryPlace } from '../../src/discovery/announcement.js';
import { discoveryDocuments } from '../../src/discovery/discovery-documents.js';
import { removeRemembered } from '../../src/discovery/remembered.js';
import { sampleCamera, sampleDiscovery } from '../helpers/sample-discovery.js';

const DEVICE: DiscoveryPlace = { prefix: 'homeassistant', mode: 'device', retain: true };
const COMPONENT: DiscoveryPlace = { ...DEVICE, mode: 'component' };
const CAMERA = 'lookout_pi4_cam_porch';

function devicesWith(...labels: readonly string[]) {
  const cameras = [sampleCamera({ labels })];
  return discoveryDocuments(sampleDiscovery({ cameras, entities: 'standard' })).devices;
}

const BOTH = devicesWith('person', 'car');
const ONE = devicesWith('person');
const NO_CAMERA = BOTH.slice(0, 1);

function keysOf({ retired }: Announced): readonly string[] {
  return retired.map(({ key }) => key);
}

describe('announcedBy()', () => {
  it('remembers which entities were taken back, until they are there again', () => {
    const before = announcedBy(null, BOTH, DEVICE);
    assert.deepEqual(before.retired, []);
    const after = announcedBy(before, ONE, DEVICE);
    assert.deepEqual(keysOf(after), [
      'object_car_occupancy',
      'object_car_count',
      'zone_front_drive_object_car_occupancy',
      'image_car',
    ]);
    assert.deepEqual(keysOf(announcedBy(after, ONE, COMPONENT)), keysOf(after));
    assert.deepEqual(announcedBy(after, BOTH, DEVICE).retired, []);
  });

  it('remembers a bounded number of them, the newest', () => {
    const labels = Array.from({ length: 90 }, (_, index) => `label ${index}`);
    const { devices } = discoveryDocuments(
      sampleDiscovery({ mode: 'component', cameras: [sampleCamera({ labels })] }),
    );
    const after = announcedBy(announcedBy(null, devices, COMPONENT), NO_CAMERA, COMPONENT);
    assert.equal(after.retired.length, 256);
    assert.ok(keysOf(after).includes('threshold_label_89'));
  });
});

describe('removeRemembered()', () => {
  const before = announcedBy(null, BOTH, DEVICE);

  it('says nothing where nothing was taken back', () => {
    assert.deepEqual(removeRemembered(before, BOTH, DEVICE), []);
  });

  it('shows each entity once more beside the others, then removes it', () => {
    const messages = removeRemembered(announcedBy(before, ONE, DEVICE), ONE, DEVICE);
    assert.equal(messages.length, 2);
    const [shown, removed] = messages.map(({ topic, payload, retain }) => {
      assert.equal(topic, `homeassistant/device/${CAMERA}/config`);
      assert.equal(retain, false);
      return JSON.parse(payload).components;
    });
    assert.deepEqual(shown.retired_1, {
      platform: 'sensor',
      unique_id: `${CAMERA}_object_car_count`,
      state_topic: `${CAMERA}/retired`,
    });
    assert.deepEqual(removed.retired_1, { platform: 'sensor' });
    for (const components of [shown, removed]) {
      assert.deepEqual(
        components.object_person_count,
        ONE[1]?.document.components.object_person_count,
      );
    }
  });

  it('removes those of a camera that is gone', () => {
    const after = announcedBy(before, NO_CAMERA, DEVICE);
    const [shown, removed] = removeRemembered(after, NO_CAMERA, DEVICE);
    assert.equal(
      Object.keys(JSON.parse(shown?.payload ?? '').components).length,
      after.retired.length,
    );
    assert.deepEqual(JSON.parse(removed?.payload ?? '').device, { identifiers: [CAMERA] });
  });

  it('shows and empties a topic for each in the mode component', () => {
    const messages = removeRemembered(announcedBy(before, ONE, COMPONENT), ONE, COMPONENT);
    assert.deepEqual(
      messages.slice(2, 4).map(({ topic, payload }) => [topic, payload === '']),
      [
        [`homeassistant/sensor/${CAMERA}/object_car_count/config`, false],
        [`homeassistant/sensor/${CAMERA}/object_car_count/config`, true],
      ],
    );
  });
});
