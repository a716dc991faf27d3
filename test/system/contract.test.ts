import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { ContractChecker } from '../helpers/contract-checker.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { FaultProxy } from '../helpers/fault-proxy.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { tempFolder } from '../helpers/temp-folder.js';

const PREFIX = 'homeassistant';
/** Of the scene's own time. Ten minutes in real time: LOOKOUT_TEST_CONTRACT_S=600. */
const REAL_TIME_S = Number(process.env.LOOKOUT_TEST_CONTRACT_S ?? 0);

/** Long enough for something to happen in the scene. */
const AWAY_MS = REAL_TIME_S > 0 ? 30_000 : 6_000;

describe('everything that lookout run publishes', { skip: noMosquitto }, () => {
  it('is declared, and what is declared is published', { timeout: 900_000 }, async (t) => {
    await using broker = await Mosquitto.start();
    await using proxy = await FaultProxy.start(broker.port);
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const model = join(tempFolder(), 'model.tflite');
    cpSync(BUNDLED_MODEL, model);
    await using daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'camera.seed': 2,
      'camera.fps': 15,
      'camera.pace': REAL_TIME_S > 0 ? 'native' : 60,
      'camera.duration_s': REAL_TIME_S > 0 ? REAL_TIME_S : 120,
      'model.file': model,
      zones: 'street 0,0.5 1,0.5 1,1 0,1; sky 0,0 1,0 1,0.2 for person',
      'mqtt.url': proxy.url,
      'mqtt.live_window_s': 1,
      'mqtt.publish_images': true,
      'stream.frames': true,
      'stream.ros': true,
    });
    await eventually(
      'online',
      () => subscriber.last('lookout/test/cam/camera/status') === 'online',
      60_000,
    );
    const asker = await connectAsync(broker.url);
    await asker.publishAsync('lookout/test/request/ping', '{}', { qos: 1 });
    await asker.publishAsync('lookout/test/request/snapshot', '{}', { qos: 1 });
    await asker.endAsync();
    await eventually('an answer', () => subscriber.payloads('/response/ping').length > 0);
    await eventually('the picture', () => subscriber.payloads('/image/latest').length > 0);
    proxy.set({ kind: 'refuse' });
    proxy.cut();
    await sleep(AWAY_MS);
    proxy.set({ kind: 'pass' });
    await eventually('history', () => subscriber.payloads('/history/').length > 0, 30_000);
    writeFileSync(model, 'no model');
    const alert = 'lookout/test/alert/model_rejected';
    await eventually('the alert', () => Boolean(subscriber.last(alert)), 30_000);
    cpSync(BUNDLED_MODEL, model);
    await eventually('its end', () => subscriber.last(alert) === '', 30_000);
    const { code } = await daemon.end();
    assert.equal(code, 0, daemon.saidLast());
    await eventually('the last state', () => subscriber.last('lookout/test/status') === 'offline');

    // Home Assistant in its other form.
    await using component = DaemonProcess.start({
      'camera.source': 'synthetic',
      'model.file': BUNDLED_MODEL,
      'mqtt.url': broker.url,
      'discovery.mode': 'component',
    });
    await eventually(
      'online again',
      () => subscriber.last('lookout/test/status') === 'online',
      60_000,
    );
    assert.equal((await component.end('SIGTERM')).code, 0, component.saidLast());
    await eventually('its end', () => subscriber.last('lookout/test/status') === 'offline');

    const checker = new ContractChecker({ base: 'lookout', node: 'test', prefix: PREFIX });
    const ours = subscriber.messages.filter(
      ({ topic }) => /^(lookout|homeassistant)\//.test(topic) && !topic.includes('/request/'),
    );
    const problems = ours.flatMap((message) => checker.problemsOf(message));
    t.diagnostic(`${ours.length} messages, ${problems.length} problems`);
    assert.deepEqual(problems, []);
    assert.deepEqual(checker.unseen, []);
  });
});
