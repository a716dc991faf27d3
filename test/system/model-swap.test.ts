import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { percentile } from '../../src/domain/statistics.js';
import { accounted, DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import { CLASSIC_SSD, DOG_VS_CAT, ONE_BY_ONE } from '../helpers/reference-models.js';

/** More with LOOKOUT_TEST_SWAPS=50; two broken files for every five swaps. */
const SWAPS = Number(process.env.LOOKOUT_TEST_SWAPS ?? 20);
const STATE = 'lookout/test/model/state';

interface ModelStatePayload {
  readonly phase: string;
  readonly since: string;
  readonly active: { readonly sha256_12: string } | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

describe('lookout run and its model', { skip: noReferenceData || noMosquitto }, () => {
  it(`swaps models ${SWAPS} times and refuses broken ones`, { timeout: 600_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'lookout-swap-'));
    const file = join(folder, 'model.tflite');
    const replaceBy = (content: { readonly copyOf: string } | { readonly text: string }): void => {
      const next = `${file}.next`;
      if ('copyOf' in content) copyFileSync(content.copyOf, next);
      else writeFileSync(next, content.text);
      renameSync(next, file);
    };
    replaceBy({ copyOf: CLASSIC_SSD });
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using daemon = DaemonProcess.start({
      'camera.source': 'replay',
      'camera.path': ONE_BY_ONE,
      'camera.loop': true,
      'model.file': file,
      'model.watch': false,
      'mqtt.url': broker.url,
    });
    await eventually(
      'detecting',
      () => subscriber.last('lookout/test/cam/camera/status') === 'online',
    );
    const states = (): ModelStatePayload[] =>
      subscriber.messages
        .filter(({ topic }) => topic === STATE)
        .map(({ payload }) => JSON.parse(payload) as ModelStatePayload);
    /** Reloads and waits for what becomes of it. */
    const reload = async (phase: string): Promise<ModelStatePayload> => {
      // What is told again, as all states are when the labels are others, is no news.
      const before = states().at(-1)?.since ?? '';
      daemon.kill('SIGHUP');
      return await eventually(`model state ${phase}`, () =>
        states().find((state) => state.phase === phase && state.since > before),
      );
    };

    const rssBytes: number[] = [];
    let active = states().at(-1)?.active?.sha256_12;
    let refused = 0;
    for (let i = 1; i <= SWAPS; i++) {
      replaceBy({ copyOf: i % 2 === 1 ? DOG_VS_CAT : CLASSIC_SSD });
      const swapped = await reload('active');
      assert.notEqual(swapped.active?.sha256_12, active);
      active = swapped.active?.sha256_12;
      if (i % 5 === 2 || i % 5 === 4) {
        replaceBy(
          i % 5 === 2
            ? { text: 'no model' }
            : { copyOf: referencePath('models/mobilenet_v1_0.25_128_quant_edgetpu.tflite') },
        );
        const rejected = await reload('rejected');
        assert.equal(rejected.active?.sha256_12, active);
        assert.ok(rejected.error?.detail.includes('model.tflite'));
        refused += 1;
      }
      rssBytes.push(residentBytes(daemon.pid));
    }
    const { code } = await daemon.end('SIGTERM');
    assert.equal(code, 0, daemon.saidLast());
    rmSync(folder, { recursive: true });

    const { counts } = daemon;
    t.diagnostic(`${SWAPS} swaps, ${refused} refused, frames ${JSON.stringify(counts)}`);
    t.diagnostic(`resident MB: ${rssBytes.map((bytes) => Math.round(bytes / 1e6)).join(' ')}`);
    assert.equal(accounted(counts), counts.framesIn);
    assert.equal(counts.error, 0);
    for (const payload of subscriber.payloads('/event/')) {
      assert.match(payload, /"model":\{"name":"model","sha256_12":"[0-9a-f]{12}"\}/);
    }
    // Garbage that waits to be collected raises single figures; a model's 7–16 MB kept at each swap
    // would raise even the lowest.
    const early = percentile(rssBytes.slice(0, SWAPS / 2), 0.5);
    const late = Math.min(...rssBytes.slice((-SWAPS * 3) / 10));
    assert.ok(late - early < SWAPS * 3.5e6, `memory grew from ${early} to ${late} bytes`);
  });

  it('takes over a file that is exchanged under it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lookout-watch-'));
    const file = join(folder, 'model.tflite');
    copyFileSync(CLASSIC_SSD, file);
    await using broker = await Mosquitto.start();
    await using daemon = DaemonProcess.start({
      'camera.source': 'replay',
      'camera.path': ONE_BY_ONE,
      'model.file': file,
      'mqtt.url': broker.url,
    });
    await daemon.logged('Model is active');
    copyFileSync(DOG_VS_CAT, file);
    await eventually(
      'the new model is active',
      () => daemon.log.filter(({ message }) => message === 'Model is active').length === 2,
    );
    const { code } = await daemon.end('SIGTERM');
    assert.equal(code, 0);
    rmSync(folder, { recursive: true });
  });

  for (const name of ['invalid_git_lfs_pointer_of_detect', 'wrongkind_permute_uint8_780bytes']) {
    it(`refuses to start with ${name}, with one sentence and exit code 78`, async () => {
      await using daemon = DaemonProcess.start({
        'camera.source': 'replay',
        'camera.path': ONE_BY_ONE,
        'model.file': referencePath(`models/${name}.tflite`),
        'mqtt.url': 'mqtt://127.0.0.1:1',
      });
      const { code } = await daemon.end();
      assert.equal(code, 78);
      assert.equal(daemon.chatter.length, 1, daemon.saidLast());
      assert.match(daemon.chatter[0] ?? '', /^Cannot (use|load) model ".*": /);
    });
  }
});

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}
