import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';

const CAMERA = 'lookout/test/cam/camera';

describe('the camera of lookout run, controlled by MQTT', {
  skip: noMosquitto,
  timeout: 180_000,
}, () => {
  let broker: Mosquitto;
  let subscriber: MosquittoSubscriber;
  let daemon: DaemonProcess;
  let client: MqttClient;

  before(async () => {
    broker = await Mosquitto.start();
    subscriber = await MosquittoSubscriber.start(broker.port);
    client = await connectAsync(broker.url, { protocolVersion: 5 });
    daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'camera.fps': 15,
      'model.file': BUNDLED_MODEL,
      'mqtt.url': broker.url,
      engine: 'tfjs',
    });
    await eventually('it detects', () => last('status') === 'online', 60_000);
  });

  after(async () => {
    await client?.endAsync();
    await daemon?.[Symbol.asyncDispose]();
    await subscriber?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  function last(topic: string): string | undefined {
    return subscriber.last(`${CAMERA}/${topic}`);
  }

  async function set(name: string, value: string): Promise<void> {
    await client.publishAsync(`${CAMERA}/set/${name}`, value, { qos: 1 });
    await eventually(`${name} is ${value}`, () => last(`setting/${name}`) === value);
  }

  it('follows no label whose threshold is out of reach', async () => {
    assert.equal(last('setting/threshold/person'), '0.5');
    const labels = subscriber.messages.flatMap(
      ({ topic }) => /setting\/threshold\/(.+)$/.exec(topic)?.[1] ?? [],
    );
    for (const label of new Set(labels)) await set(`threshold/${label}`, '1');
    await eventually('nothing is followed', () => last('object/any/count') === '0', 30_000);
    const events = subscriber.payloads('/start').length;
    await set('threshold/person', '0.3');
    await eventually('a person', () => subscriber.payloads('/start').length > events, 60_000);
    assert.ok(subscriber.messages.findLast(({ topic }) => topic.endsWith('/person/start')));
    for (const label of new Set(labels)) await set(`threshold/${label}`, '0.5');
  });
});
