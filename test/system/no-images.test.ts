import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectAsync } from 'mqtt';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';

const NODE = 'lookout/test';

describe('lookout run with images: none', { skip: noMosquitto, timeout: 120_000 }, () => {
  it('publishes no picture, whatever it is told', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'camera.fps': 15,
      'model.file': BUNDLED_MODEL,
      'mqtt.url': broker.url,
      'mqtt.publish_images': true,
      engine: 'tfjs',
      images: 'none',
    });
    const camera = `${NODE}/cam/camera`;
    await eventually('it detects', () => subscriber.last(`${camera}/status`) === 'online', 60_000);
    const setting = `${camera}/setting/publish_images`;
    await eventually('the setting', () => subscriber.last(setting) === 'OFF');
    const client = await connectAsync(broker.url);
    const set = JSON.stringify({ id: '1', args: 'ON' });
    await client.publishAsync(`${camera}/set/publish_images`, set, { qos: 1 });
    await client.publishAsync(`${NODE}/request/snapshot`, '{}', { qos: 1 });
    await client.endAsync();
    const refusals = () =>
      subscriber.payloads(`${NODE}/response/`).filter((answer) => /images: none/.test(answer));
    await eventually('both are refused', () => refusals().length === 2);
    await eventually('an event', () => subscriber.payloads('/start').length > 0, 60_000);
    assert.equal((await daemon.end('SIGTERM')).code, 0);
    await eventually('its end', () => subscriber.last(`${NODE}/status`) === 'offline');
    assert.equal(subscriber.last(setting), 'OFF');
    const leaks = subscriber.messages.filter(
      ({ topic, contentType, bytes }) =>
        topic.includes('/image/') || contentType.startsWith('image/') || bytes.includes('JFIF'),
    );
    assert.deepEqual(leaks, []);
    const images = subscriber.payloads('/event/').map((event) => JSON.parse(event).image);
    assert.ok(images.every((image) => image === null));
  });
});
