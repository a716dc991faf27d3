import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Config } from '../../src/config/schema.js';
import { HomeAssistant, type Shown } from '../../src/daemon/home-assistant.js';
import type { MqttPublisher } from '../../src/publishing/mqtt-publisher.js';
import { RetainedManifest } from '../../src/publishing/retained-manifest.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber, type SeenMessage } from '../helpers/mosquitto-subscriber.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { sampleCamera, sampleDiscovery } from '../helpers/sample-discovery.js';
import { samplePublisher } from '../helpers/sample-publisher.js';
import { tempFolder } from '../helpers/temp-folder.js';

const NODE = 'homeassistant/device/lookout_pi4/config';
const CAMERA = 'homeassistant/device/lookout_pi4_cam_porch/config';
const STATUS = 'lookout/pi/status';
const BIRTH = 'homeassistant/status';
const SHOWN: Shown = { labels: ['person', 'dog'], models: ['one', 'two'] };
const DISCOVERY: Config['discovery'] = {
  enabled: true,
  prefix: 'homeassistant',
  mode: 'device',
  entities: 'standard',
  retain: true,
  birth_topic: BIRTH,
  birth_payload: 'online',
};

describe('HomeAssistant at a real broker', { skip: noMosquitto, timeout: 120_000 }, () => {
  let broker: Mosquitto;
  let client: MqttClient;
  let subscriber: MosquittoSubscriber;
  let folder: string;

  before(async () => {
    broker = await Mosquitto.start();
  });

  after(async () => {
    await broker?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    folder = tempFolder();
    await broker.stop();
    await broker.start();
    client = await connectAsync(broker.url, { protocolVersion: 5 });
    subscriber = await MosquittoSubscriber.start(broker.port);
  });

  afterEach(async () => {
    await client.endAsync(true);
    await subscriber[Symbol.asyncDispose]();
  });

  /** A node that announces itself, online. */
  async function start(
    changes: Partial<Config['discovery']> = {},
    protocol: 4 | 5 = 5,
  ): Promise<{ homeAssistant: HomeAssistant; publisher: MqttPublisher } & AsyncDisposable> {
    const log = new RecordingLog();
    const homeAssistant: HomeAssistant = await HomeAssistant.start(
      {
        config: { ...DISCOVERY, ...changes },
        inputOf: ({ labels, models }) =>
          sampleDiscovery({ models, cameras: [sampleCamera({ labels })], ...changes }),
        shown: SHOWN,
        stateDir: folder,
        announce: () => publisher.announce(),
      },
      log,
    );
    const publisher = samplePublisher(broker.url, log, {
      protocol,
      preamble: homeAssistant,
      inbox: homeAssistant.inboxWith([], () => {}),
      manifest: new RetainedManifest(join(folder, 'retained-topics.json'), log),
    });
    await eventually('online', () => subscriber.last(STATUS) === 'online');
    return {
      homeAssistant,
      publisher,
      [Symbol.asyncDispose]: async () => {
        await publisher[Symbol.asyncDispose]();
        await homeAssistant[Symbol.asyncDispose]();
        await subscriber.caughtUp();
      },
    };
  }

  function componentsIn({ payload }: SeenMessage): string[] {
    return Object.keys((JSON.parse(payload) as { components: object }).components);
  }

  function documents(topic: string, from = 0): SeenMessage[] {
    return subscriber.messages.slice(from).filter((message) => message.topic === topic);
  }

  async function announcedAgain(from: number): Promise<void> {
    await eventually('all is announced again', () =>
      subscriber.messages.slice(from).some(({ topic }) => topic === STATUS),
    );
  }

  it('announces the documents before all states, retained, and again after a broker that lost all', async () => {
    await using _node = await start();
    const topics = subscriber.messages
      .map(({ topic }) => topic)
      .filter((t) => /^(home|lookout\/)/.test(t));
    assert.deepEqual(topics.slice(0, 2), [NODE, CAMERA]);
    const [document] = documents(CAMERA);
    assert.ok(
      document?.retain && document.qos === 1 && document.contentType === 'application/json',
    );
    await subscriber[Symbol.asyncDispose]();
    await broker.stop();
    await broker.start();
    subscriber = await MosquittoSubscriber.start(broker.port);
    await eventually('online', () => subscriber.last(STATUS) === 'online');
    assert.ok(documents(NODE).length > 0 && documents(CAMERA).length > 0);
  });

  it('removes a label by its platforms before it leaves it out', async () => {
    await using node = await start();
    const from = subscriber.messages.length;
    node.homeAssistant.show({ labels: ['person'] });
    await announcedAgain(from);
    const [removal, document] = documents(CAMERA, from);
    assert.ok(removal && document);
    const parts = (JSON.parse(removal.payload) as { components: Record<string, object> })
      .components;
    assert.deepEqual(parts.object_dog_count, { platform: 'sensor' });
    assert.ok(!componentsIn(document).includes('object_dog_count'));
    assert.ok(componentsIn(document).includes('object_person_count'));
  });

  it('announces a changed list of models, and nothing when nothing has changed', async () => {
    await using node = await start();
    const from = subscriber.messages.length;
    node.homeAssistant.show({ models: ['one', 'two'] });
    node.homeAssistant.show({ models: ['one', 'three', 'two'] });
    await announcedAgain(from);
    const told = documents(NODE, from).map(({ payload }) => payload);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /"options":\["one","three","two"\]/);
  });

  for (const protocol of [5, 4] as const) {
    it(`answers births, and topics that somebody empties, with MQTT ${protocol}`, async () => {
      await using _node = await start({}, protocol);
      let from = subscriber.messages.length;
      const bornMs = performance.now();
      await client.publishAsync(BIRTH, 'online', { qos: 1, retain: true });
      await announcedAgain(from);
      assert.ok(performance.now() - bornMs >= 1_000);
      assert.equal(documents(CAMERA, from).length, 1);
      from = subscriber.messages.length;
      await client.publishAsync(CAMERA, '', { qos: 1, retain: true });
      await eventually(
        'the document is there again',
        () => documents(CAMERA, from).some(({ payload }) => payload !== ''),
        20_000,
      );
    });

    it(`clears what an unknown past has left under its ids, with MQTT ${protocol}`, async () => {
      const ghost = 'homeassistant/sensor/lookout_pi4/old/config';
      await client.publishAsync(ghost, '{}', { qos: 1, retain: true });
      await using _node = await start({}, protocol);
      await eventually('it is cleared', () => subscriber.last(ghost) === '', 20_000);
    });
  }

  it('takes back what an earlier run announced when it is switched off', async () => {
    await (await start())[Symbol.asyncDispose]();
    assert.match(
      readFileSync(join(folder, 'home-assistant.json'), 'utf8'),
      /lookout_pi4_cam_porch/,
    );
    await using _node = await start({ enabled: false });
    assert.equal(subscriber.last(NODE), '');
    assert.equal(subscriber.last(CAMERA), '');
  });

  it('hands the entities over to the other mode', async () => {
    await (await start())[Symbol.asyncDispose]();
    await using _node = await start({ mode: 'component' });
    const told = documents(CAMERA).map(({ payload }) => payload);
    assert.deepEqual(told.slice(1), ['{"migrate_discovery":true}', '']);
    const topic = 'homeassistant/sensor/lookout_pi4_cam_porch/object_person_count/config';
    assert.match(subscriber.last(topic) ?? '', /"unique_id"/);
  });

  it('leaves its documents alone when it clears what an earlier run has left', async () => {
    await (await start())[Symbol.asyncDispose]();
    const manifest = readFileSync(join(folder, 'retained-topics.json'), 'utf8');
    assert.ok(manifest.includes(CAMERA));
    const from = subscriber.messages.length;
    // Leftovers are cleared at the latest at its end.
    await (await start())[Symbol.asyncDispose]();
    assert.ok(documents(CAMERA, from).every(({ payload }) => payload !== ''));
  });
});
