import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { noReferenceData } from '../helpers/reference-data.js';
import { CLASSIC_SSD, ONE_BY_ONE } from '../helpers/reference-models.js';

const RIGHT_AGAIN_MS = 5_000;
const NODE = 'lookout/test';

function startDaemon(broker: Mosquitto): DaemonProcess {
  return DaemonProcess.start({
    'camera.source': 'replay',
    'camera.path': ONE_BY_ONE,
    'camera.loop': true,
    'model.file': CLASSIC_SSD,
    'mqtt.url': broker.url,
  });
}

/** All retained states are there and say that frames are detected. */
async function assertStatesRight(broker: Mosquitto): Promise<void> {
  await using subscriber = await MosquittoSubscriber.start(broker.port);
  await eventually(
    'states are right',
    () =>
      subscriber.last(`${NODE}/status`) === 'online' &&
      subscriber.last(`${NODE}/cam/camera/status`) === 'online' &&
      subscriber.last(`${NODE}/cam/camera/object/person/count`) !== undefined &&
      subscriber.last(`${NODE}/model/state`)?.includes('"phase":"active"'),
    RIGHT_AGAIN_MS,
  );
}

describe('lookout run and its broker', { skip: noReferenceData || noMosquitto }, () => {
  it('detects without a broker and tells all states when it comes', async () => {
    await using broker = await Mosquitto.prepare();
    await using daemon = startDaemon(broker);
    await daemon.logged('Model is active');
    await broker.start();
    await assertStatesRight(broker);
    const { code } = await daemon.end('SIGTERM');
    assert.equal(code, 0);
    assert.ok((daemon.counts.detected ?? 0) > 0);
  });

  it('goes on while the broker is away and is right within 5 s of its return', async () => {
    await using broker = await Mosquitto.start();
    await using daemon = startDaemon(broker);
    await assertStatesRight(broker);
    await broker.stop();
    await daemon.logged('Lost the broker');
    await daemon.logged('Cannot connect to the broker');
    await broker.start();
    await assertStatesRight(broker);
    const { code } = await daemon.end('SIGTERM');
    assert.equal(code, 0);
    const { framesIn = 0, detected = 0 } = daemon.counts;
    assert.ok(detected > framesIn / 2, JSON.stringify(daemon.counts));
  });
});
