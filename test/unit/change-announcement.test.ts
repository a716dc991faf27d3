import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Announced, announcedBy, announcedTopics } from '../../src/discovery/announced.js';
import {
  announcement,
  type DiscoveryMessage,
  type DiscoveryPlace,
} from '../../src/discovery/announcement.js';
import { changeAnnouncement, forgetAnnounced } from '../../src/discovery/change-announcement.js';
import { discoveryDocuments } from '../../src/discovery/discovery-documents.js';
import type { CameraInput } from '../../src/discovery/discovery-input.js';
import { sampleCamera, sampleDiscovery } from '../helpers/sample-discovery.js';

const DEVICE: DiscoveryPlace = { prefix: 'homeassistant', mode: 'device', retain: true };
const COMPONENT: DiscoveryPlace = { ...DEVICE, mode: 'component' };
const NODE_TOPIC = 'homeassistant/device/lookout_pi4/config';
const CAMERA_TOPIC = 'homeassistant/device/lookout_pi4_cam_porch/config';
const MIGRATION = '{"migrate_discovery":true}';

function devicesWith(...cameras: readonly CameraInput[]) {
  return discoveryDocuments(sampleDiscovery({ cameras, entities: 'standard' })).devices;
}

/** What the broker has kept after these messages. */
function keptAfter(messages: readonly DiscoveryMessage[]): Map<string, string> {
  const kept = new Map<string, string>();
  for (const { topic, payload, retain } of messages) {
    if (!retain) continue;
    if (payload === '') kept.delete(topic);
    else kept.set(topic, payload);
  }
  return kept;
}

const BOTH = devicesWith(sampleCamera());
const FEWER = devicesWith(sampleCamera({ labels: ['person'] }));

describe('announcement()', () => {
  it('is one document a device', () => {
    const messages = announcement(BOTH, DEVICE);
    assert.deepEqual(
      messages.map(({ topic }) => topic),
      [NODE_TOPIC, CAMERA_TOPIC],
    );
    assert.deepEqual(JSON.parse(messages[1]?.payload ?? ''), BOTH[1]?.document);
  });

  it('is one message an entity, with all that it had from its document, in the mode component', () => {
    const messages = announcement(BOTH, COMPONENT);
    const topic =
      'homeassistant/binary_sensor/lookout_pi4_cam_porch/object_person_occupancy/config';
    const { device, origin, availability, availability_mode, qos } = BOTH[1]!.document;
    assert.deepEqual(JSON.parse(messages.find((message) => message.topic === topic)!.payload), {
      name: 'Person',
      device_class: 'occupancy',
      state_topic: 'lookout/pi4/cam/porch/object/person/occupancy',
      unique_id: 'lookout_pi4_cam_porch_object_person_occupancy',
      default_entity_id: 'binary_sensor.porch_person',
      ...{ device, origin, availability, availability_mode, qos },
    });
  });

  it('leaves a component its own availability, and triggers without one', () => {
    const payloadOf = (end: string) =>
      JSON.parse(announcement(BOTH, COMPONENT).find(({ topic }) => topic.endsWith(end))!.payload);
    assert.deepEqual(payloadOf('/lookout_pi4/connected/config').availability, []);
    assert.ok(!('availability' in payloadOf('/trigger_person_left/config')));
  });

  it('retains only where that is asked for', () => {
    const messages = announcement(BOTH, { ...DEVICE, retain: false });
    assert.ok(messages.every(({ retain }) => !retain));
  });
});

describe('changeAnnouncement()', () => {
  it('is the announcement where nothing is known of before, and where nothing has changed', () => {
    assert.deepEqual(changeAnnouncement(null, BOTH, DEVICE), announcement(BOTH, DEVICE));
    for (const place of [DEVICE, COMPONENT]) {
      const before = announcedBy(null, BOTH, place);
      assert.deepEqual(changeAnnouncement(before, BOTH, place), announcement(BOTH, place));
    }
  });

  it('names what is gone with its platform alone, then leaves it out', () => {
    const messages = changeAnnouncement(announcedBy(null, BOTH, DEVICE), FEWER, DEVICE);
    assert.deepEqual(
      messages.map(({ topic, retain }) => [topic, retain]),
      [
        [CAMERA_TOPIC, false],
        [NODE_TOPIC, true],
        [CAMERA_TOPIC, true],
      ],
    );
    const { components } = JSON.parse(messages[0]?.payload ?? '');
    assert.deepEqual(components.object_traffic_light_count, { platform: 'sensor' });
    assert.deepEqual(components.trigger_traffic_light_left, { platform: 'device_automation' });
    assert.deepEqual(
      components.object_person_count,
      FEWER[1]?.document.components.object_person_count,
    );
    assert.ok(!messages[2]?.payload.includes('traffic_light'));
  });

  it('takes back a component that has another platform now', () => {
    const [node, camera] = announcedBy(null, BOTH, DEVICE).devices;
    const was: Announced = {
      ...announcedBy(null, BOTH, DEVICE),
      devices: [node!, { id: camera!.id, components: { ...camera?.components, motion: 'sensor' } }],
    };
    const [removal] = changeAnnouncement(was, BOTH, DEVICE);
    assert.deepEqual(JSON.parse(removal?.payload ?? '').components.motion, { platform: 'sensor' });
  });

  it('empties the topic of a device that is gone', () => {
    const messages = changeAnnouncement(announcedBy(null, BOTH, DEVICE), devicesWith(), DEVICE);
    assert.deepEqual(messages[0], { topic: CAMERA_TOPIC, payload: '', retain: true });
    assert.deepEqual([...keptAfter(messages).keys()], [NODE_TOPIC]);
  });

  it('empties the topics of components that are gone in the mode component', () => {
    const messages = changeAnnouncement(announcedBy(null, BOTH, COMPONENT), FEWER, COMPONENT);
    const emptied = messages.filter(({ payload }) => payload === '').map(({ topic }) => topic);
    assert.equal(emptied.length, 6);
    assert.ok(emptied.every((topic) => topic.includes('traffic_light')));
  });

  for (const [from, to] of [
    [DEVICE, COMPONENT],
    [COMPONENT, DEVICE],
  ] as const) {
    it(`hands over what stays and takes back the rest from ${from.mode} to ${to.mode}`, () => {
      const before = announcedBy(null, BOTH, from);
      const messages = changeAnnouncement(before, FEWER, to);
      const place = (wanted: (message: DiscoveryMessage) => boolean) => messages.findIndex(wanted);
      const old = announcedTopics(announcedBy(null, FEWER, from));
      const fresh = announcedTopics(announcedBy(null, FEWER, to));
      for (const topic of old) {
        const released = place(
          (message) => message.topic === topic && message.payload === MIGRATION,
        );
        const taken = place((message) => message.topic === fresh[0]);
        const emptied = place((message) => message.topic === topic && message.payload === '');
        assert.ok(released >= 0 && released < taken && taken < emptied, topic);
        assert.equal(messages[released]?.retain, false);
      }
      const all = [...announcement(BOTH, from), ...messages];
      assert.deepEqual(new Set(keptAfter(all).keys()), new Set(fresh));
    });
  }

  it('forgets under the old prefix and announces under the new one', () => {
    const place = { ...DEVICE, prefix: 'ha' };
    const before = announcedBy(null, BOTH, DEVICE);
    const all = [...announcement(BOTH, DEVICE), ...changeAnnouncement(before, BOTH, place)];
    assert.deepEqual([...keptAfter(all).keys()], announcedTopics(announcedBy(null, BOTH, place)));
  });
});

describe('forgetAnnounced()', () => {
  for (const place of [DEVICE, COMPONENT]) {
    it(`leaves nothing at the broker in the mode ${place.mode}`, () => {
      const before = announcedBy(null, BOTH, place);
      const all = [...announcement(BOTH, place), ...forgetAnnounced(before)];
      assert.equal(keptAfter(all).size, 0);
    });
  }

  it('needs no more than what can be kept as JSON', () => {
    const before = announcedBy(null, BOTH, COMPONENT);
    assert.deepEqual(JSON.parse(JSON.stringify(before)), before);
  });
});
