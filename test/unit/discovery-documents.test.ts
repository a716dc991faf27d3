import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Component } from '../../src/discovery/component.js';
import {
  type Discovery,
  discoveryDocuments,
  MAX_DOCUMENT_BYTES,
} from '../../src/discovery/discovery-documents.js';
import type { DiscoveryInput } from '../../src/discovery/discovery-input.js';
import {
  EVERYTHING,
  EVERYTHING_OF_CAMERA,
  sampleCamera,
  sampleDiscovery,
} from '../helpers/sample-discovery.js';

function discovered(changes: Partial<DiscoveryInput> = {}): Discovery {
  return discoveryDocuments(sampleDiscovery(changes));
}

/** The components of the device at this place: 0 is the node, 1 the camera. */
function componentsOf({ devices }: Discovery, index: number): Readonly<Record<string, Component>> {
  return devices[index]!.document.components;
}

function allComponents(discovery: Discovery): [string, Component][] {
  return discovery.devices.flatMap(({ document }) => Object.entries(document.components));
}

function allOff<T extends object>(features: T): T {
  return Object.fromEntries(Object.keys(features).map((key) => [key, false])) as T;
}

describe('discoveryDocuments()', () => {
  it('describes the node and each camera below it, with no problem', () => {
    const porch = sampleCamera();
    const { devices, problems } = discovered({ cameras: [porch, { ...porch, id: 'garden' }] });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      devices.map(({ id, document }) => [id, document.device.name, document.device.via_device]),
      [
        ['lookout_pi4', 'Lookout pi4', undefined],
        ['lookout_pi4_cam_porch', 'Porch', 'lookout_pi4'],
        ['lookout_pi4_cam_garden', 'Garden', 'lookout_pi4'],
      ],
    );
    for (const { id, document } of devices) assert.deepEqual(document.device.identifiers, [id]);
  });

  it('names the node and the camera as what entities depend on, all of them', () => {
    const { devices } = discovered();
    assert.deepEqual(devices[0]?.document.availability, [{ topic: 'lookout/pi4/status' }]);
    assert.deepEqual(devices[1]?.document.availability, [
      { topic: 'lookout/pi4/status' },
      { topic: 'lookout/pi4/cam/porch/status' },
    ]);
    for (const { document } of devices) assert.equal(document.availability_mode, 'all');
  });

  it('keeps the controls of a camera and its connection available while no frames flow', () => {
    const camera = componentsOf(discovered(), 1);
    for (const key of ['connected', 'detect', 'restart', 'zone_front_drive', 'threshold_person']) {
      const { availability } = camera[key] as { availability?: unknown };
      assert.deepEqual(availability, [{ topic: 'lookout/pi4/status' }], key);
    }
    const node = componentsOf(discovered(), 0).connected as { availability?: unknown };
    assert.deepEqual(node.availability, []);
  });

  it('shows with the level minimal what there is to see and the switch for it', () => {
    const discovery = discovered({ entities: 'minimal' });
    assert.deepEqual(Object.keys(componentsOf(discovery, 0)), ['connected', 'problem']);
    assert.deepEqual(Object.keys(componentsOf(discovery, 1)), [
      'connected',
      'motion',
      'detect',
      'object_any_occupancy',
      'object_person_occupancy',
      'object_traffic_light_occupancy',
    ]);
  });

  it('shows with each level all of the one before', () => {
    const keys = (['minimal', 'standard', 'all'] as const).map((entities) =>
      allComponents(discovered({ entities })).map(([key]) => key),
    );
    const [minimal = [], standard = [], all = []] = keys;
    assert.ok(minimal.every((key) => standard.includes(key)) && minimal.length < standard.length);
    assert.ok(standard.every((key) => all.includes(key)) && standard.length < all.length);
  });

  it('shows nothing of what is not published and not taken', () => {
    const camera = sampleCamera({ zones: [], features: allOff(EVERYTHING_OF_CAMERA) });
    const discovery = discovered({ features: allOff(EVERYTHING), cameras: [camera] });
    assert.deepEqual(Object.keys(componentsOf(discovery, 0)), ['connected', 'model_name']);
    assert.deepEqual(Object.keys(componentsOf(discovery, 1)), [
      'connected',
      ...['any', 'person', 'traffic_light'].flatMap((label) =>
        ['occupancy', 'count', 'last_seen'].map((value) => `object_${label}_${value}`),
      ),
    ]);
    assert.deepEqual(discovery.problems, []);
  });

  for (const feature of Object.keys(EVERYTHING) as (keyof typeof EVERYTHING)[]) {
    it(`shows less of a node without ${feature}`, () => {
      const without = discovered({ features: { ...EVERYTHING, [feature]: false } });
      assert.ok(allComponents(without).length < allComponents(discovered()).length);
    });
  }

  for (const feature of Object.keys(
    EVERYTHING_OF_CAMERA,
  ) as (keyof typeof EVERYTHING_OF_CAMERA)[]) {
    it(`shows less of a camera without ${feature}`, () => {
      const features = { ...EVERYTHING_OF_CAMERA, [feature]: false };
      const without = discovered({ cameras: [sampleCamera({ features })] });
      assert.ok(allComponents(without).length < allComponents(discovered()).length);
    });
  }

  it('makes unique ids of instance, camera and key, and entity ids of names', () => {
    const count = componentsOf(discovered(), 1).object_traffic_light_count;
    assert.ok(count?.platform === 'sensor');
    assert.equal(count.unique_id, 'lookout_pi4_cam_porch_object_traffic_light_count');
    assert.equal(count.default_entity_id, 'sensor.porch_traffic_light_count');
    assert.equal(count.name, 'Traffic light count');
  });

  it('has device triggers on event topics alone, where nothing is ever retained', () => {
    const triggers = allComponents(discovered()).flatMap(([, component]) =>
      component.platform === 'device_automation' ? component.topic : [],
    );
    assert.equal(triggers.length, 6);
    for (const topic of triggers)
      assert.match(topic, /^lookout\/pi4\/cam\/porch\/event\/[^+]+\/[^/]+$/);
  });

  it('has no trigger, threshold or picture of any object, as no event has that label', () => {
    const keys = Object.keys(componentsOf(discovered(), 1)).filter((key) =>
      /(^|_)any(_|$)/.test(key),
    );
    assert.deepEqual(keys, [
      'object_any_occupancy',
      'object_any_count',
      'object_any_last_seen',
      'zone_front_drive_object_any_occupancy',
    ]);
  });

  it('shows labels with the same topic once, whatever they are called', () => {
    const labels = ['Person', 'person', 'any', 'connected', 'person_count', '人', 'a\nb', '???'];
    const { devices, problems } = discovered({ cameras: [sampleCamera({ labels })] });
    assert.deepEqual(problems, []);
    const names = Object.values(devices[1]!.document.components).flatMap((component) =>
      component.platform === 'binary_sensor' && component.device_class === 'occupancy'
        ? component.name
        : [],
    );
    const occupied = names.filter((name) => !name?.startsWith('Front drive'));
    assert.deepEqual(occupied, [
      ...['Any object', 'Person', 'Any', 'Connected', 'Person_count', '人', 'A b', '???'],
    ]);
  });

  it('gives the camera a name that says something and that no entity repeats', () => {
    const nameOf = (id: string) =>
      discovered({ cameras: [sampleCamera({ id })] }).devices[1]?.document.device.name;
    assert.equal(nameOf('front_door'), 'Front door');
    assert.equal(nameOf('camera'), 'Pi4 camera');
    assert.equal(nameOf('person'), 'Camera Person');
  });

  it('offers no select without choices', () => {
    const keys = Object.keys(componentsOf(discovered({ models: [], logLevels: [] }), 0));
    assert.ok(!keys.includes('model') && !keys.includes('log_level'));
  });

  it('leaves out what Home Assistant would not take, names it, and keeps the rest', () => {
    const ranges = { ...sampleDiscovery().ranges, maxFps: { min: 5, max: 5, step: 0.1 } };
    const discovery = discovered({ ranges });
    assert.deepEqual(discovery.problems, [
      '"lookout_pi4_cam_porch max_fps": "min" 5 is not below "max" 5',
    ]);
    assert.equal(allComponents(discovery).length, allComponents(discovered()).length - 1);
  });

  it('leaves out a device whose document would be rejected, and names why', () => {
    const { devices, problems } = discovered({ supportUrl: 'nowhere', entities: 'minimal' });
    assert.deepEqual(devices, []);
    assert.equal(problems.length, 2);
    assert.match(problems[0] ?? '', /"lookout_pi4": "support_url" is "nowhere"/);
  });

  it('shows of a zone only the labels that count in it', () => {
    const camera = sampleCamera({
      zones: [{ id: 'road', labels: ['traffic light'] }],
      labels: ['person', 'traffic light'],
    });
    const keys = Object.keys(componentsOf(discovered({ cameras: [camera] }), 1));
    assert.deepEqual(keys.filter((key) => key.includes('road')).sort(), [
      'trigger_traffic_light_entered_road',
      'zone_road',
      'zone_road_object_any_occupancy',
      'zone_road_object_traffic_light_occupancy',
    ]);
  });

  it('names two entities that want the same key and shows the first', () => {
    const a = { id: 'a', labels: [] };
    const camera = sampleCamera({ zones: [a, a], labels: [] });
    const { problems } = discovered({ cameras: [camera], entities: 'standard' });
    assert.match(problems[0] ?? '', /zone_a": two entities have this key, one is shown/);
  });

  it('shows less of a device whose document would be too large, and says so', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `label ${index}`);
    for (const [count, entities] of [
      [90, 'minimal'],
      [1_000, 'minimal entities and no labels'],
    ] as const) {
      const discovery = discovered({ cameras: [sampleCamera({ labels: many(count) })] });
      const { document } = discovery.devices[1]!;
      const bytes = Buffer.byteLength(JSON.stringify(document));
      assert.ok(bytes <= MAX_DOCUMENT_BYTES, `${bytes}`);
      assert.match(discovery.problems[0] ?? '', new RegExp(`at most 65536 .* with ${entities}`));
      assert.ok('object_any_occupancy' in document.components);
    }
  });

  it('shows any number of labels where each is a message of its own', () => {
    const labels = Array.from({ length: 90 }, (_, index) => `label ${index}`);
    const discovery = discovered({ mode: 'component', cameras: [sampleCamera({ labels })] });
    assert.deepEqual(discovery.problems, []);
    assert.ok('threshold_label_89' in componentsOf(discovery, 1));
  });

  it('takes levels of the base into the ids', () => {
    const { devices } = discovered({ base: 'home/lookout' });
    assert.equal(devices[0]?.id, 'home_lookout_pi4');
  });
});
