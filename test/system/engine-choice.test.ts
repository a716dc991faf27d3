import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { installation } from '../helpers/installation.js';
import { LITERT_LIBRARY, noLitert } from '../helpers/litert-library.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { ProcessMark } from '../helpers/processes.js';
import { MAIN } from '../helpers/program.js';
import { noReferenceData } from '../helpers/reference-data.js';
import { CLASSIC_SSD, ONE_BY_ONE } from '../helpers/reference-models.js';
import { tempFolder } from '../helpers/temp-folder.js';

const MEASURING = 'Measuring how this machine runs the model best';
const MEASURED = 'Measured how to run the model';
const ACTIVE = 'Model is active';
/** A trial that lost its parent is gone at once; this is for a machine that is busy. */
const TRIAL_GONE_MS = 10_000;

/** Where an ELF file says which machine it is for. */
const ELF_MACHINE = 18;

interface Choice {
  readonly stateFolder: string;
  readonly keys?: Readonly<Record<string, string | number>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly main?: string;
}

/** A daemon that finds everything out anew in `stateFolder`. Nobody is at its broker. */
function start({ stateFolder, keys = {}, env = process.env, main = MAIN }: Choice): DaemonProcess {
  return DaemonProcess.start(
    {
      'camera.source': 'replay',
      'camera.path': ONE_BY_ONE,
      'camera.loop': true,
      'model.file': CLASSIC_SSD,
      'mqtt.url': 'mqtt://127.0.0.1:1',
      state_dir: stateFolder,
      ...keys,
    },
    env,
    main,
  );
}

/** The same bytes but for one. */
function changed(image: Buffer, at: number): Buffer {
  return Buffer.concat([image.subarray(0, at), Buffer.of(40), image.subarray(at + 1)]);
}

function memoryOf(stateFolder: string): string {
  return join(stateFolder, 'engines.json');
}

describe('lookout run and its engine', { skip: noReferenceData || noLitert }, () => {
  it('measures a model once, tells what it chose, and remembers it', {
    skip: noMosquitto,
  }, async () => {
    const stateFolder = tempFolder();
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const keys = { 'mqtt.url': broker.url };
    {
      await using first = start({ stateFolder, keys });
      const { fields } = await first.logged(MEASURED, 60_000);
      assert.match(String(fields?.engine), /^litert /);
      await first.logged(ACTIVE);
    }
    await using second = start({ stateFolder, keys });
    await second.logged(ACTIVE);
    assert.ok(second.log.every(({ message }) => message !== MEASURING));
    const info = await eventually('info', () => subscriber.last('lookout/test/info'));
    const { engine } = JSON.parse(info) as { engine: Record<string, unknown> };
    assert.equal(engine.name, 'litert');
    assert.ok(Number(engine.inference_ms) > 0 && Number(engine.cpu_ms) > 0);
  });

  it('begins anew with a memory that is damaged', async () => {
    const stateFolder = tempFolder();
    writeFileSync(memoryOf(stateFolder), '{"format": 1, "choices": [{]');
    await using daemon = start({ stateFolder });
    await daemon.logged('Cannot use the memory of engines chosen');
    await daemon.logged(ACTIVE, 60_000);
    await eventually('a good memory', () =>
      readFileSync(memoryOf(stateFolder), 'utf8').includes('"chosen"') ? true : undefined,
    );
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`leaves no process behind when ${signal} comes while it measures`, async () => {
      const mark = new ProcessMark();
      await using daemon = start({ stateFolder: tempFolder(), env: mark.on(process.env) });
      await eventually('a trial process', () =>
        mark.living().find(({ command }) => command.includes('trial-process')),
      );
      const { code } = await daemon.end(signal);
      if (signal === 'SIGTERM') assert.equal(code, 0);
      await eventually('the end of all', () => mark.living().length === 0, TRIAL_GONE_MS);
    });
  }

  it('does what the configuration pins', async () => {
    const keys = { engine: 'tfjs', threads: 1 };
    await using daemon = start({ stateFolder: tempFolder(), keys });
    const { fields } = await daemon.logged(MEASURED, 60_000);
    assert.deepEqual([fields?.engine, fields?.tried], ['tfjs, original, 1 thread', 1]);
  });

  for (const [what, spoil, reason] of [
    ['missing', () => null, /there is no/],
    ['cut short', (image: Buffer) => image.subarray(0, image.length / 2), /bytes, expected/],
    ['of a wrong hash', (image: Buffer) => changed(image, image.length / 2), /SHA-256 is .*, exp/],
    ['for another machine', (image: Buffer) => changed(image, ELF_MACHINE), /is for .*, expected/],
  ] as const) {
    it(`goes on with the packaged engine when the library is ${what}, and says so`, async () => {
      const { main, library: place } = installation();
      const library = spoil(readFileSync(LITERT_LIBRARY));
      if (library) writeFileSync(place, library);
      await using daemon = start({ stateFolder: tempFolder(), main });
      const warning = await daemon.logged('LiteRT cannot be used');
      assert.match(String(warning.fields?.why), reason);
      const { fields } = await daemon.logged(MEASURED, 60_000);
      assert.match(String(fields?.engine), /^tfjs/);
      await daemon.logged(ACTIVE);
    });
  }

  it('does not start when the engine that is asked for is not there', async () => {
    const { main } = installation();
    await using daemon = start({ stateFolder: tempFolder(), keys: { engine: 'litert' }, main });
    const { code } = await daemon.end();
    assert.equal(code, 78);
    assert.match(daemon.chatter.join('\n'), /engine: litert cannot be used: there is no .*list"/);
  });

  it('takes the library as soon as it is there', async () => {
    const { main, library } = installation();
    const stateFolder = tempFolder();
    {
      await using without = start({ stateFolder, main });
      await without.logged(ACTIVE, 60_000);
    }
    copyFileSync(LITERT_LIBRARY, library);
    await using daemon = start({ stateFolder, main });
    const { fields } = await daemon.logged(MEASURED, 60_000);
    assert.match(String(fields?.engine), /^litert/);
  });
});
