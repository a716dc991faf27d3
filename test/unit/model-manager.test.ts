import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DetectorModel } from '../../src/domain/detector-model.js';
import type { LoadReport } from '../../src/domain/engine.js';
import type { ModelState } from '../../src/domain/model-state.js';
import { ModelError } from '../../src/errors.js';
import { type ModelHost, ModelManager } from '../../src/models/model-manager.js';
import type { ModelSource } from '../../src/models/read-detector-model.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { SAMPLE_SETUP } from '../helpers/sample-setup.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { tinyModel } from '../helpers/tiny-model.js';

/** A host as the inference worker is one: one request after the other, one candidate at most. */
class MemoryHost implements ModelHost {
  readonly activated: string[] = [];
  refuses = false;
  #candidate: string | null = null;
  #last: Promise<unknown> = Promise.resolve();

  load({ name }: DetectorModel): Promise<LoadReport> {
    return this.#next(() => {
      if (this.refuses) throw new ModelError('it failed on a frame', { code: 'failed-on-frame' });
      this.#candidate = name;
      return { trialMs: 5, warnings: ['a tensor is odd'] };
    });
  }

  activate(): Promise<void> {
    return this.#next(() => {
      assert.ok(this.#candidate, 'there is no candidate');
      this.activated.push(this.#candidate);
      this.#candidate = null;
    });
  }

  #next<T>(work: () => T): Promise<T> {
    const done = this.#last.then(() => sleep(5)).then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

interface Rig {
  readonly host: MemoryHost;
  readonly log: RecordingLog;
  readonly manager: ModelManager;
  readonly states: ModelState[];
}

function rig(): Rig {
  const [host, log] = [new MemoryHost(), new RecordingLog()];
  const states: ModelState[] = [];
  const manager = new ModelManager({
    host,
    plan: async ({ bytes }) => ({
      bytes,
      engine: { name: 'tfjs', threads: 1 },
      setup: SAMPLE_SETUP,
    }),
    log,
    onState: (state) => states.push(state),
  });
  return { host, log, manager, states };
}

const folder = tempFolder();

function sourceOf(name: string, labels: string | null = null): ModelSource {
  const inFolder = (file: string): string => join(folder, file);
  return { file: inFolder(`${name}.tflite`), labels: labels && inFolder(labels), fit: 'auto' };
}

before(async () => {
  for (const [name, classCount] of [
    ['a', 2],
    ['b', 3],
    ['c', 4],
  ] as const) {
    await writeFile(join(folder, `${name}.tflite`), tinyModel({ classCount }));
  }
  await writeFile(join(folder, 'broken.tflite'), 'no model');
  await writeFile(join(folder, 'labels.txt'), 'apple\npear\n');
});

describe('ModelManager', () => {
  it('brings the first model in, telling each phase', async () => {
    const { manager, states, host, log } = rig();
    await manager.start(sourceOf('a'));
    assert.equal(log.having('warn The engine says of the model').length, 1);
    const phases = states.map(({ phase }) => phase);
    assert.deepEqual(phases, ['verifying', 'warming', 'switching', 'active']);
    assert.equal(states[0]?.candidate?.file, sourceOf('a').file);
    const last = states.at(-1);
    assert.equal(last?.active?.name, 'a');
    assert.equal(last?.previous, null);
    assert.equal(last?.candidate, null);
    assert.deepEqual(host.activated, ['a']);
  });

  it('throws when the first model cannot be used', async () => {
    const { manager, host } = rig();
    await assert.rejects(manager.start(sourceOf('broken')), ModelError);
    assert.deepEqual(host.activated, []);
  });

  it('names the model before and after a reload', async () => {
    const { manager, states, host } = rig();
    await manager.start(sourceOf('a'));
    await manager.reload(sourceOf('b'));
    const last = states.at(-1);
    assert.deepEqual([last?.active?.name, last?.previous?.name], ['b', 'a']);
    assert.deepEqual(host.activated, ['a', 'b']);
  });

  it('keeps the active model and says why when a candidate fails', async () => {
    const { manager, states, host, log } = rig();
    await manager.start(sourceOf('a'));
    await manager.reload(sourceOf('broken'));
    host.refuses = true;
    await manager.reload(sourceOf('b'));
    const rejected = states.filter(({ phase }) => phase === 'rejected');
    assert.deepEqual(
      rejected.map(({ active: running, error, candidate }) => [
        running?.name,
        error?.code,
        candidate?.file,
      ]),
      [
        ['a', 'unreadable', sourceOf('broken').file],
        ['a', 'failed-on-frame', sourceOf('b').file],
      ],
    );
    assert.equal(log.having('error Cannot load model').length, 1);
    assert.deepEqual(host.activated, ['a']);
  });

  it('forgets the error when a later candidate serves', async () => {
    const { manager, states } = rig();
    await manager.start(sourceOf('a'));
    await manager.reload(sourceOf('broken'));
    await manager.reload(sourceOf('a'));
    const last = states.at(-1);
    assert.deepEqual([last?.phase, last?.error, last?.candidate], ['active', null, null]);
  });

  it('loads nothing for a source that gives the same, and a model whose labels changed', async () => {
    const { manager, host, log } = rig();
    await manager.start(sourceOf('a'));
    await manager.reload(sourceOf('a'));
    assert.deepEqual(host.activated, ['a']);
    assert.equal(log.having('Model is unchanged').length, 1);
    await manager.reload(sourceOf('a', 'labels.txt'));
    assert.deepEqual(host.activated, ['a', 'a']);
  });
});
