import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { tempFolder } from '../helpers/temp-folder.js';

const ROOT = 'lookout/test';
const ZONE = `${ROOT}/cam/camera/setting/zone/all`;
const DETECT = `${ROOT}/cam/camera/setting/detect`;

interface Answer {
  readonly status: string;
  readonly data: unknown;
  readonly error: { readonly code: string; readonly message: string } | null;
}

describe('lookout run, told what to do by MQTT', { skip: noMosquitto, timeout: 180_000 }, () => {
  const folder = tempFolder();
  let broker: Mosquitto;
  let subscriber: MosquittoSubscriber;
  let daemon: DaemonProcess;
  let client: MqttClient;
  let asked = 0;

  before(async () => {
    for (const name of ['one', 'two']) cpSync(BUNDLED_MODEL, join(folder, `${name}.tflite`));
    // Another file is another model.
    writeFileSync(join(folder, 'two.tflite'), '\0', { flag: 'a' });
    writeFileSync(join(folder, 'broken.tflite'), 'no model');
    broker = await Mosquitto.start();
    subscriber = await MosquittoSubscriber.start(broker.port);
    client = await connectAsync(broker.url, { protocolVersion: 5 });
    daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'camera.fps': 15,
      'model.file': join(folder, 'one.tflite'),
      'mqtt.url': broker.url,
      zones: 'all 0,0 1,0 1,1 0,1',
      engine: 'tfjs',
    });
    const camera = `${ROOT}/cam/camera/status`;
    await eventually('it detects', () => subscriber.last(camera) === 'online', 60_000);
  });

  after(async () => {
    await client?.endAsync();
    await daemon?.[Symbol.asyncDispose]();
    await subscriber?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  });

  /** Asks by the topic of answers that everyone sees, and gives the last answer. */
  async function ask(verb: string, args?: object): Promise<Answer> {
    asked += 1;
    const id = `question-${asked}`;
    await client.publishAsync(`${ROOT}/request/${verb}`, JSON.stringify({ id, args }), { qos: 1 });
    return await eventually(
      `an answer to ${verb}`,
      () =>
        subscriber
          .payloads(`${ROOT}/response/${verb}`)
          .map((payload) => JSON.parse(payload) as Answer & { id: string })
          .findLast((answer) => answer.id === id && answer.status !== 'accepted'),
      30_000,
    );
  }

  function model(): string | undefined {
    return subscriber.last(`${ROOT}/setting/model`);
  }

  it('answers to a topic of the asker, with what the asker gave to know it by', async () => {
    const responseTopic = 'someone/answers';
    const correlationData = Buffer.from([1, 2, 3]);
    const answered = new Promise<{ payload: Buffer; data: Buffer | undefined }>((resolve) => {
      client.on('message', (topic, payload, { properties }) => {
        if (topic === responseTopic) resolve({ payload, data: properties?.correlationData });
      });
    });
    await client.subscribeAsync(responseTopic);
    await client.publishAsync(`${ROOT}/request/ping`, '', {
      qos: 1,
      properties: { responseTopic, correlationData },
    });
    const { payload, data } = await answered;
    assert.equal((JSON.parse(payload.toString()) as Answer).status, 'ok');
    assert.deepEqual(data, correlationData);
  });

  it('switches detection off and on, and says which it is', async () => {
    await client.publishAsync(`${ROOT}/cam/camera/set/detect`, 'OFF', { qos: 1 });
    await eventually('it is off', () => subscriber.last(DETECT) === 'OFF');
    assert.equal(subscriber.last(`${ROOT}/cam/camera/object/any/count`), '0');
    const events = subscriber.payloads('/event/').length;
    const { data } = await ask('health');
    assert.ok(data !== null);
    await client.publishAsync(`${ROOT}/cam/camera/set/detect`, 'ON', { qos: 1 });
    await eventually('it is on', () => subscriber.last(DETECT) === 'ON');
    await eventually(
      'it tells again',
      () => subscriber.payloads('/event/').length > events,
      60_000,
    );
  });

  it('switches a zone off and on: nobody is in it then, and no event names it', async () => {
    const inZone = `${ROOT}/cam/camera/zone/all/object/any/count`;
    assert.equal(subscriber.last(ZONE), 'ON');
    await eventually('someone is in the zone', () => Number(subscriber.last(inZone)) > 0, 60_000);
    await client.publishAsync(`${ROOT}/cam/camera/set/zone/all`, 'OFF', { qos: 1 });
    await eventually('it is off', () => subscriber.last(ZONE) === 'OFF');
    await eventually('nobody is in it', () => subscriber.last(inZone) === '0');
    const told = subscriber.payloads('/event/').length;
    // What ended with the frame in which the zone was emptied was still in it.
    const later = () =>
      subscriber
        .payloads('/event/')
        .slice(told)
        .map((payload) => JSON.parse(payload))
        .filter(({ phase }) => phase !== 'end');
    await eventually('something happens', () => later().length > 0, 60_000);
    for (const { object } of later()) assert.deepEqual(object.zones, []);
    assert.equal(subscriber.last(inZone), '0');
    await client.publishAsync(`${ROOT}/cam/camera/set/zone/all`, 'ON', { qos: 1 });
    await eventually('it is on', () => subscriber.last(ZONE) === 'ON');
    await eventually('someone is in it', () => Number(subscriber.last(inZone)) > 0, 60_000);
  });

  it('lists the models beside its own, loads another and goes back', async () => {
    const { data } = await ask('model/list');
    assert.deepEqual(data, [
      { name: 'broken', active: false },
      { name: 'one', active: true },
      { name: 'two', active: false },
    ]);
    assert.equal((await ask('model/load', { name: 'two' })).status, 'ok');
    await eventually('the other is active', () => model() === 'two');
    assert.equal((await ask('model/rollback')).status, 'ok');
    await eventually('the first is active', () => model() === 'one');
  });

  it('keeps its model when the other is broken or elsewhere', async () => {
    const broken = await ask('model/load', { name: 'broken' });
    assert.equal(broken.status, 'error');
    assert.equal(broken.error?.code, 'unsupported');
    const elsewhere = await ask('model/load', { file: '/etc/passwd' });
    assert.match(elsewhere.error?.message ?? '', /beside the configured one there are/);
    assert.equal(model(), 'one');
    assert.equal((await ask('model/list')).status, 'ok');
  });

  it('tells everything again', async () => {
    const seen = subscriber.messages.length;
    assert.equal((await ask('announce')).status, 'ok');
    await eventually('online is told again', () =>
      subscriber.messages.slice(seen).some(({ topic }) => topic === `${ROOT}/status`),
    );
    const again = subscriber.messages.slice(seen).map(({ topic }) => topic);
    assert.ok(again.includes(`${ROOT}/info`) && again.includes(DETECT));
  });

  it('refuses what is retained, unknown or not understood, and goes on', async () => {
    await client.publishAsync(`${ROOT}/request/restart`, '{}', { qos: 1, retain: true });
    assert.equal((await ask('dance')).error?.code, 'unknown-verb');
    assert.equal((await ask('log_level', { level: 'loud' })).error?.code, 'malformed');
    assert.equal((await ask('ping')).status, 'ok');
    assert.ok(!daemon.hasEnded);
    await client.publishAsync(`${ROOT}/request/restart`, '', { qos: 1, retain: true });
  });

  it('ends so that it is started again', async () => {
    assert.equal((await ask('restart')).status, 'ok');
    const { code } = await daemon.end();
    assert.equal(code, 75);
    await subscriber.caughtUp();
    assert.equal(subscriber.last(`${ROOT}/status`), 'offline');
  });
});
