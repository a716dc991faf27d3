import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { MAIN, programEnv } from '../helpers/program.js';
import { tempFolder } from '../helpers/temp-folder.js';

describe('lookout forget', { skip: noMosquitto, timeout: 120_000 }, () => {
  it('leaves no retained topic of the node behind, its earlier camera included', async () => {
    await using broker = await Mosquitto.start();
    const keys = {
      'camera.source': 'synthetic',
      'model.file': BUNDLED_MODEL,
      'mqtt.url': broker.url,
      state_dir: join(tempFolder(), 'state'),
      engine: 'tfjs',
      'stream.ros': 'true',
    };
    for (const camera of ['before', 'camera']) {
      await using daemon = DaemonProcess.start({ ...keys, 'camera.id': camera });
      await using subscriber = await MosquittoSubscriber.start(broker.port);
      const status = `lookout/test/cam/${camera}/status`;
      await eventually('it detects', () => subscriber.last(status) === 'online', 60_000);
      const info = `lookout/test/cam/${camera}/ros/vision_info`;
      await eventually('it tells of its model', () => Boolean(subscriber.last(info)));
      const running = forget(keys);
      assert.equal(running.status, 1);
      assert.match(running.stderr, /it is online, stop it first/);
      // At once, before the second run has cleared what the first has left.
      await daemon.end('SIGKILL');
      await eventually('the will', () => subscriber.last('lookout/test/status') === 'offline');
    }
    const { status, stdout } = forget(keys);
    assert.equal(status, 0);
    assert.match(stdout, /^\d+ retained topics of lookout\/test are cleared\n$/);
    await using after = await MosquittoSubscriber.start(broker.port);
    assert.deepEqual(
      after.messages.filter(({ topic, retain }) => retain && topic.startsWith('lookout/')),
      [],
    );
  });
});

function forget(keys: Readonly<Record<string, string>>) {
  const given = ['mqtt.url', 'state_dir'].map((key) => `--${key}=${keys[key]}`);
  const args = [MAIN, 'forget', '--node=test', ...given];
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: programEnv() });
}
