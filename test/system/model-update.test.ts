import assert from 'node:assert/strict';
import { copyFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { connectAsync } from 'mqtt';
import type { ModelUpdatePayload } from '../../src/contract/model-update-schema.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { tempFolder } from '../helpers/temp-folder.js';

const ROOT = 'lookout/test';

describe('model/update', { skip: noMosquitto, timeout: 120_000 }, () => {
  it('offers the newest model in the folder until it is active, and none that was refused', async () => {
    const folder = tempFolder();
    const put = (name: string, ageS: number): void => {
      const file = join(folder, `${name}.tflite`);
      if (name === 'broken') writeFileSync(file, 'no model');
      else copyFileSync(BUNDLED_MODEL, file);
      const atS = Date.now() / 1000 - ageS;
      utimesSync(file, atS, atS);
    };
    put('second', 1000);
    put('first', 2000);
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using _daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'model.file': join(folder, 'second.tflite'),
      'mqtt.url': broker.url,
      engine: 'tfjs',
    });
    const tells = (installed: string, latest: string): Promise<unknown> =>
      eventually(
        `${latest} instead of ${installed}`,
        () => {
          const { installed_version, latest_version } = JSON.parse(
            subscriber.last(`${ROOT}/model/update`) ?? '{}',
          ) as Partial<ModelUpdatePayload>;
          return installed_version === installed && latest_version === latest;
        },
        60_000,
      );
    // As Home Assistant's button sends it.
    const load = async (): Promise<void> => {
      const client = await connectAsync(broker.url);
      await client.publishAsync(`${ROOT}/request/model/load`, '{"args":{"latest":true}}');
      await client.endAsync();
    };
    const answers = (): string[] =>
      subscriber.messages
        .filter(({ topic }) => topic === `${ROOT}/response/model/load`)
        .map(({ payload }) => (JSON.parse(payload) as { readonly status: string }).status)
        .filter((status) => status !== 'accepted');

    await tells('second', 'second');
    put('third', 100);
    await tells('second', 'third');
    await load();
    await tells('third', 'third');
    // Nothing is newer: that is no error.
    await load();
    await eventually('both are answered', () => answers().length === 2);
    put('broken', 50);
    await tells('third', 'broken');
    await load();
    await tells('third', 'third');
    assert.deepEqual(answers(), ['ok', 'ok', 'error']);
  });
});
