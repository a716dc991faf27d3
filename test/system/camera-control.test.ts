import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { LABELS } from '../../src/camera/synthetic/figure.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { accounted, DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber, type SeenMessage } from '../helpers/mosquitto-subscriber.js';

/** JPEG's marker SOI. */
const JPEG_BEGIN = [0xff, 0xd8];
const CAMERA = 'lookout/test/cam/camera';

function isPicture({ topic }: SeenMessage): boolean {
  return /\/image\/(?!latest)[^/]+$/.test(topic);
}

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

  async function initially(name: string, value: string): Promise<void> {
    await eventually(`${name} is told`, () => last(`setting/${name}`) !== undefined);
    assert.equal(last(`setting/${name}`), value);
  }

  /** Asks, and gives the last answer. */
  async function ask(verb: string, payload: string): Promise<string> {
    const topic = `lookout/test/response/${verb}`;
    const before = answers(topic).length;
    await client.publishAsync(`lookout/test/request/${verb}`, payload, { qos: 1 });
    return await eventually(`an answer to ${verb}`, () => answers(topic)[before], 30_000);
  }

  function answers(topic: string): string[] {
    return subscriber.payloads(topic).filter((payload) => !payload.includes('"accepted"'));
  }

  it('follows no label whose threshold is out of reach', async () => {
    for (const label of LABELS) await initially(`threshold/${label}`, '0.5');
    for (const label of LABELS) await set(`threshold/${label}`, '1');
    await eventually('nothing is followed', () => last('object/any/count') === '0', 30_000);
    const seen = subscriber.messages.length;
    const starts = () =>
      subscriber.messages.slice(seen).flatMap(({ topic }) => /[^/]+\/start$/.exec(topic) ?? []);
    await set('threshold/person', '0.3');
    await eventually('somebody', () => starts().length > 0, 60_000);
    assert.deepEqual([...new Set(starts())], ['person/start']);
    for (const label of LABELS) await set(`threshold/${label}`, '0.5');
  });

  it('detects no more frames a second than it is told', async () => {
    await initially('max_fps', '120');
    await set('max_fps', '0.5');
    await sleep(2_000);
    await set('max_fps', '120');
    assert.equal(last('status'), 'online');
  });

  it('gives a picture of now when it is asked for one', async () => {
    const answer = JSON.parse(await ask('snapshot', '{}'));
    assert.equal(answer.status, 'ok');
    const picture = await eventually('the picture', () =>
      subscriber.messages.find(({ topic }) => topic === `${CAMERA}/image/latest`),
    );
    assert.equal(picture.bytes.length, answer.data.bytes);
    assert.deepEqual([...picture.bytes.subarray(0, 2)], JPEG_BEGIN);
    const { retain, qos, contentType, expiryS } = picture;
    assert.deepEqual([retain, qos, contentType, expiryS], [false, 0, 'image/jpeg', '30']);
    assert.match(await ask('snapshot', '{"args":{"camera":"attic"}}'), /there is no camera/);
  });

  it('publishes pictures of events while they are switched on', async () => {
    await initially('publish_images', 'OFF');
    assert.ok(!subscriber.messages.some(({ topic }) => topic.endsWith('/meta')));
    await set('publish_images', 'ON');
    const at = await eventually(
      'a picture',
      () => {
        const { messages } = subscriber;
        const found = messages.findIndex(({ topic }) => topic.endsWith('/meta'));
        return found >= 0 && messages.slice(found).some(isPicture) ? found : undefined;
      },
      60_000,
    );
    const { messages } = subscriber;
    const meta = JSON.parse(messages[at]?.payload ?? '');
    const picture = messages.slice(at).find(isPicture);
    assert.equal(`${picture?.topic}/meta`, messages[at]?.topic);
    assert.equal(picture?.bytes.length, meta.bytes);
    assert.equal(
      createHash('sha256')
        .update(picture?.bytes ?? '')
        .digest('hex'),
      meta.sha256,
    );
    assert.equal(picture?.retain, false);
    const event = messages.find(({ payload }) => payload.includes(meta.event_id));
    assert.deepEqual(JSON.parse(event?.payload ?? '').image, {
      topic: picture?.topic,
      seq: meta.seq,
    });
    await set('publish_images', 'OFF');
  });

  it('limits inferences as it is told', async () => {
    const setting = 'lookout/test/setting/inference_max_fps';
    await eventually('it is told', () => subscriber.last(setting) === '120');
    for (const value of ['0.5', '120']) {
      await client.publishAsync('lookout/test/set/inference_max_fps', value, { qos: 1 });
      await eventually(`it is ${value}`, () => subscriber.last(setting) === value);
    }
    assert.equal(last('status'), 'online');
  });

  it('tells motion, and shows it to Home Assistant', async () => {
    await eventually('motion', () => last('motion') === 'ON', 60_000);
    const documents = subscriber.payloads('homeassistant/device/').filter(Boolean);
    assert.ok(documents.some((text) => text.includes(`"${CAMERA}/motion"`)));
  });

  it('passes still frames over while the motion gate is on', { timeout: 120_000 }, async () => {
    await initially('motion_gate', 'OFF');
    await set('motion_gate', 'ON');
    const answer = 'lookout/test/response/health';
    for (let gated = 0; gated === 0; ) {
      await sleep(2_000);
      const before = subscriber.payloads(answer).length;
      await client.publishAsync('lookout/test/request/health', '{}', { qos: 1 });
      await eventually('an answer', () => subscriber.payloads(answer).length > before);
      gated = JSON.parse(subscriber.last(answer) ?? '').data.camera[0].drops.gated;
    }
    await set('motion_gate', 'OFF');
  });

  it('starts the camera again, which is no failure', async () => {
    const seen = subscriber.messages.length;
    assert.equal(JSON.parse(await ask('camera/restart', '{}')).status, 'ok');
    const since = subscriber.messages.slice(seen);
    assert.ok(!since.some(({ topic }) => topic === `${CAMERA}/status`));
    const events = subscriber.payloads('/start').length;
    await eventually('it goes on', () => subscriber.payloads('/start').length > events, 60_000);
  });

  it('clears what an earlier run has left, and nothing else', async () => {
    const leftovers = [`${CAMERA}/object/dragon/count`, 'lookout/test/alert/old'];
    const others = ['lookout/test/cam/attic/status', 'lookout/test2/status'];
    for (const topic of [...leftovers, ...others]) {
      await client.publishAsync(topic, '1', { qos: 1, retain: true });
    }
    const { status, data } = JSON.parse(await ask('clear_retained', '{}'));
    assert.deepEqual([status, data], ['ok', { cleared: 2 }]);
    for (const topic of leftovers) {
      await eventually(`${topic} is cleared`, () => subscriber.last(topic) === '');
    }
    assert.deepEqual(
      others.map((topic) => subscriber.last(topic)),
      ['1', '1'],
    );
    assert.equal(last('setting/detect'), 'ON');
    for (const topic of others) await client.publishAsync(topic, '', { qos: 1, retain: true });
  });

  it('has counted every frame in the end', async () => {
    assert.equal((await daemon.end('SIGTERM')).code, 0);
    const { counts } = daemon;
    // Two seconds at 15 a second, of which one or two were taken; the machine may be slow.
    assert.ok((counts.over_rate ?? 0) > 5, JSON.stringify(counts));
    assert.equal(accounted(counts), counts.framesIn);
  });
});
