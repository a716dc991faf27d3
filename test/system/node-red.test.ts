import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { connectAsync } from 'mqtt';
import type { EventPayload } from '../../src/contract/event-schema.js';
import type { ImageMetaPayload } from '../../src/contract/image-meta-schema.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { exampleFlow, NodeRed, noNodeRed } from '../helpers/node-red.js';

const NODE = 'lookout/test';
const DETECT = `${NODE}/cam/camera/setting/detect`;
const AVAILABLE = 'home/available/test/camera';
const HOUR_MS = 3_600_000;
/** On a slow, busy machine. */
const LONG_MS = 60_000;

/** The time zone in which it is between one and two at night now. */
function zoneOfNight(): string {
  const eastwards = (25 - new Date().getUTCHours()) % 24;
  // The signs of these names are the other way round (POSIX).
  return eastwards > 12 ? `Etc/GMT+${24 - eastwards}` : `Etc/GMT-${eastwards}`;
}

describe('the flow of docs/node-red.md', { skip: noMosquitto || noNodeRed }, () => {
  it('does in Node-RED what the page says', { timeout: 240_000 }, async (t) => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using nodeRed = await NodeRed.start(
      exampleFlow('node-red.json', broker.port),
      zoneOfNight(),
    );
    await using daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'camera.seed': 2,
      'camera.fps': 15,
      'camera.pace': 60,
      'model.file': BUNDLED_MODEL,
      engine: 'tfjs',
      zones: 'door 0,0 1,0 1,1 0,1',
      'mqtt.url': broker.url,
      'mqtt.publish_images': true,
    });
    const said = (topic: string, text: string) =>
      eventually(
        `${topic} says "${text}"; Node-RED said: ${nodeRed.said.slice(-3).join('')}`,
        () => subscriber.payloads(topic).find((payload) => payload.includes(text)),
        LONG_MS,
      );

    await t.test('tells that the camera works', async () => {
      await said(AVAILABLE, 'online');
    });

    await t.test('tells at night who is at the door, once, and in the day nothing', async () => {
      const text = await said('home/notification', 'Somebody');
      assert.match(text, /^Somebody is at the door: test\/camera, 0[12]:\d\d$/);
      const topic = `${NODE}/cam/camera/event/person/start`;
      const real = await eventually('an event', () => subscriber.payloads(topic).at(-1), LONG_MS);
      const event = JSON.parse(real) as EventPayload;
      const capturedAtMs = Date.parse(event.time.capture);
      const copy = (camera: string, hoursLater: number): string => {
        const capture = new Date(capturedAtMs + hoursLater * HOUR_MS).toISOString();
        const object = { ...event.object, zones_entered: ['door'] };
        return JSON.stringify({
          ...{ ...event, object, camera, id: camera },
          time: { ...event.time, capture },
        });
      };
      const asker = await connectAsync(broker.url);
      for (const payload of [copy('noon', 11), copy('night', 0), copy('night', 0), copy('end', 0)])
        await asker.publishAsync(topic, payload, { qos: 1 });
      await asker.endAsync();
      await said('home/notification', 'test/end');
      const told = subscriber.payloads('home/notification').join('\n');
      assert.doesNotMatch(told, /noon/);
      assert.equal(told.split('test/night').length, 2, told);
    });

    await t.test('pairs a picture with its event', async () => {
      const payload = await said('home/picture', 'image');
      const { id, text, image } = JSON.parse(payload) as Record<'id' | 'text' | 'image', string>;
      const metas = subscriber
        .payloads('/meta')
        .map((meta) => JSON.parse(meta) as ImageMetaPayload);
      const meta = metas.find(({ event_id }) => event_id === id);
      const bytes = Buffer.from(image.replace('data:image/jpeg;base64,', ''), 'base64');
      assert.equal(createHash('sha256').update(bytes).digest('hex'), meta?.sha256);
      const events = subscriber.payloads('/event/').map((one) => JSON.parse(one) as EventPayload);
      const event = events.find((one) => one.id === id);
      assert.equal(text, `${meta?.label} at camera, ${event?.time.capture}`);
    });

    await t.test('switches detection, and shows whether it was obeyed', async () => {
      await said('home/detection', 'test/camera: detection is ON');
      await nodeRed.press('switch-off');
      await said('home/detection', 'test/camera: detection is OFF');
      assert.equal(subscriber.last(DETECT), 'OFF');
      const asker = await connectAsync(broker.url);
      const maybe = JSON.stringify({ id: 'maybe', args: 'MAYBE' });
      await asker.publishAsync(DETECT.replace('setting', 'set'), maybe, { qos: 1 });
      await asker.endAsync();
      await said('home/detection', 'not obeyed: ');
      await nodeRed.press('switch-on');
      await eventually('ON again', () => subscriber.last(DETECT) === 'ON', LONG_MS);
    });

    await t.test('tells that nobody answers, and that the camera does not work', async () => {
      await daemon.end('SIGKILL');
      await eventually('offline', () => subscriber.last(AVAILABLE) === 'offline', LONG_MS);
      await nodeRed.press('switch-off');
      await said('home/detection', 'not obeyed: test/camera is still ON');
    });
    assert.doesNotMatch(nodeRed.said.join(''), /\[error\]/);
  });
});
