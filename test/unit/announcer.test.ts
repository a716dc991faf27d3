import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Announced } from '../../src/discovery/announced.js';
import { Announcer } from '../../src/discovery/announcer.js';
import { discoveryDocuments } from '../../src/discovery/discovery-documents.js';
import type { DiscoveryInput } from '../../src/discovery/discovery-input.js';
import { sampleCamera, sampleDiscovery } from '../helpers/sample-discovery.js';

const CAMERA = 'homeassistant/device/lookout_pi4_cam_porch/config';
const NODE = 'homeassistant/device/lookout_pi4/config';
const BIRTH = { topic: 'homeassistant/status', payload: 'online' };

function announcer(before: Announced | null = null): Announcer {
  const place = { prefix: 'homeassistant', mode: 'device', retain: true } as const;
  return new Announcer({ place, birth: BIRTH, before });
}

function devicesOf(changes: Partial<DiscoveryInput> = {}) {
  return discoveryDocuments(sampleDiscovery(changes)).devices;
}

const ALL = devicesOf();
const FEWER = devicesOf({ cameras: [sampleCamera({ labels: ['person'] })] });

/** One that has announced everything, and then shows a label less. */
function withLabelLess(): Announcer {
  const one = announcer();
  one.show(ALL);
  one.messages();
  one.delivered();
  one.show(FEWER);
  return one;
}

describe('Announcer', () => {
  it('announces again whatever is shown, and says what is a change', () => {
    const one = announcer();
    assert.equal(one.show(ALL), true);
    assert.equal(one.show(devicesOf()), false);
    assert.deepEqual(
      one.messages().map(({ topic }) => topic),
      [NODE, CAMERA],
    );
    assert.equal(one.delivered(), true);
    assert.equal(one.messages().length, 2);
    assert.equal(one.delivered(), false);
  });

  it('takes back what is gone until the broker has taken that, and reminds of it until a birth', () => {
    const one = withLabelLess();
    assert.equal(one.messages().length, 3);
    // The connection was lost.
    assert.equal(one.messages().length, 3);
    one.delivered();
    assert.ok(one.told?.retired.some(({ key }) => key === 'object_traffic_light_count'));
    // Shown once more, then removed.
    assert.equal(one.messages().length, 4);
    one.delivered();
    assert.equal(one.read({ topic: BIRTH.topic, payload: 'online', retain: false }), 'birth');
    assert.equal(one.messages().length, 4);
    one.delivered();
    assert.deepEqual(one.told?.retired, []);
    assert.equal(one.messages().length, 2);
  });

  it('takes back what an announcement without an answer may have told', () => {
    const one = announcer();
    one.show(ALL);
    one.messages();
    one.show(FEWER);
    const topics = one.messages().map(({ topic }) => topic);
    assert.deepEqual(topics, [CAMERA, NODE, CAMERA]);
    one.delivered();
    assert.ok(one.told?.retired.some(({ key }) => key === 'object_traffic_light_count'));
  });

  it('does not remove what has come back', () => {
    const one = withLabelLess();
    one.messages();
    one.delivered();
    one.show(ALL);
    const texts = one.messages().map(({ payload }) => payload);
    assert.deepEqual(
      texts,
      ALL.map(({ document }) => JSON.stringify(document)),
    );
  });

  it('takes all back when nothing is shown any more, and is done after a birth', () => {
    const first = announcer();
    first.show(ALL);
    first.messages();
    first.delivered();
    const one = announcer(first.told);
    const cleared = one.messages().map(({ topic, payload, retain }) => [topic, payload, retain]);
    assert.deepEqual(cleared, [
      [NODE, '', true],
      [CAMERA, '', true],
    ]);
    one.delivered();
    one.read({ topic: BIRTH.topic, payload: 'online', retain: false });
    one.messages();
    one.delivered();
    assert.equal(one.told, null);
    assert.deepEqual(one.messages(), []);
  });

  it('clears what stands under its ids and is not its own, once', () => {
    const one = announcer();
    one.show(ALL);
    const topic = 'homeassistant/sensor/lookout_pi4/old/config';
    assert.ok(one.listensTo(topic));
    assert.equal(one.read({ topic, payload: '{}', retain: true }), 'ghost');
    assert.deepEqual(one.messages()[0], { topic, payload: '', retain: true });
    assert.equal(one.messages().length, 2);
  });

  it('names every topic that the broker may keep, those of before as well', () => {
    const first = announcer();
    first.show(ALL);
    first.messages();
    first.delivered();
    const one = announcer(first.told);
    one.show(devicesOf({ cameras: [] }));
    assert.deepEqual([...one.topics].sort(), [NODE, CAMERA].sort());
    one.messages();
    one.delivered();
    assert.deepEqual(one.topics, [NODE]);
  });
});
