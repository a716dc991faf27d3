import assert from 'node:assert/strict';
import { DaemonProcess } from './daemon-process.js';
import { eventually } from './eventually.js';
import { Mosquitto } from './mosquitto.js';
import { MosquittoSubscriber } from './mosquitto-subscriber.js';
import { CLASSIC_SSD, ONE_BY_ONE } from './reference-models.js';

/** What became of a run from the first frame to the last. */
export interface VideoRun {
  /** As the daemon says at its end. */
  readonly counts: Readonly<Record<string, number>>;
  /** What was published on topics with this in them, in order. */
  readonly payloads: (part: string) => readonly string[];
}

/** Runs the daemon through a video of six people who pass one by one, as fast as it goes. */
export async function runVideo(keys: Readonly<Record<string, boolean>> = {}): Promise<VideoRun> {
  await using broker = await Mosquitto.start();
  await using subscriber = await MosquittoSubscriber.start(broker.port);
  await using daemon = DaemonProcess.start({
    'camera.source': 'replay',
    'camera.path': ONE_BY_ONE,
    'camera.pace': 'max',
    'model.file': CLASSIC_SSD,
    'mqtt.url': broker.url,
    ...keys,
  });
  const { code } = await daemon.end();
  assert.equal(code, 0, daemon.saidLast());
  await eventually('the last state', () => subscriber.last('lookout/test/status') === 'offline');
  return { counts: daemon.counts, payloads: (part) => subscriber.payloads(part) };
}
