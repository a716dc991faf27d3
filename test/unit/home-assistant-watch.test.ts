import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { announcedBy } from '../../src/discovery/announced.js';
import type { DiscoveryPlace } from '../../src/discovery/announcement.js';
import { discoveryDocuments } from '../../src/discovery/discovery-documents.js';
import { HomeAssistantWatch } from '../../src/discovery/home-assistant-watch.js';
import { sampleDiscovery } from '../helpers/sample-discovery.js';

const PLACE: DiscoveryPlace = { prefix: 'homeassistant', mode: 'device', retain: true };
const CAMERA_TOPIC = 'homeassistant/device/lookout_pi4_cam_porch/config';
const MOTION_TOPIC = 'homeassistant/binary_sensor/lookout_pi4_cam_porch/motion/config';

function watching(mode: DiscoveryPlace['mode']): HomeAssistantWatch {
  const watch = new HomeAssistantWatch({ topic: 'homeassistant/status', payload: 'online' });
  const { devices } = discoveryDocuments(sampleDiscovery({ mode }));
  watch.expect(announcedBy(null, devices, { ...PLACE, mode }));
  return watch;
}

function read(watch: HomeAssistantWatch, topic: string, payload: string, retain = false): string {
  return watch.read({ topic, payload, retain }).kind;
}

describe('HomeAssistantWatch', () => {
  it('takes a birth for one, but not a kept one, a death, or other words', () => {
    const watch = watching('device');
    assert.equal(read(watch, 'homeassistant/status', 'online'), 'birth');
    assert.equal(read(watch, 'homeassistant/status', 'online', true), 'nothing');
    assert.equal(read(watch, 'homeassistant/status', 'offline'), 'nothing');
    const other = new HomeAssistantWatch({ topic: 'ha/birth', payload: 'up' });
    assert.equal(read(other, 'homeassistant/status', 'online'), 'nothing');
    assert.equal(read(other, 'ha/birth', 'up'), 'birth');
  });

  it('notices that one of our topics was emptied, in either mode', () => {
    assert.equal(read(watching('device'), CAMERA_TOPIC, ''), 'emptied');
    assert.equal(read(watching('component'), MOTION_TOPIC, ''), 'emptied');
  });

  it('pays no attention to what we sent ourselves, nor to others', () => {
    const watch = watching('device');
    assert.equal(read(watch, CAMERA_TOPIC, '{"device":{}}', true), 'nothing');
    assert.equal(read(watch, MOTION_TOPIC, ''), 'nothing');
    assert.equal(read(watch, 'homeassistant/device/other/config', ''), 'nothing');
    assert.equal(read(watch, 'homeassistant/switch/other/motion/config', '{}'), 'nothing');
  });

  it('finds what stands under our ids without being announced', () => {
    const watch = watching('device');
    assert.deepEqual(watch.read({ topic: MOTION_TOPIC, payload: '{"name":"x"}', retain: true }), {
      kind: 'ghost',
      topic: MOTION_TOPIC,
    });
    assert.equal(read(watching('component'), CAMERA_TOPIC, '{"device":{}}', true), 'ghost');
  });

  it('does not ask for an announcement once everything is to be forgotten', () => {
    const watch = watching('device');
    watch.expect(null);
    assert.equal(read(watch, CAMERA_TOPIC, ''), 'nothing');
    assert.equal(read(watch, 'homeassistant/status', 'online'), 'birth');
  });

  it('names the filters to subscribe to', () => {
    assert.deepEqual(watching('device').filters, [
      'homeassistant/status',
      'homeassistant/device/lookout_pi4/config',
      'homeassistant/+/lookout_pi4/+/config',
      'homeassistant/device/lookout_pi4_cam_porch/config',
      'homeassistant/+/lookout_pi4_cam_porch/+/config',
    ]);
  });
});
