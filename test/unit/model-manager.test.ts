import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';

import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DetectorModel } from '../../src/domain/detector-model.js';
import type { ModelState } from '../../src/domain/model-state.js';
import { ModelError } from '../../src/errors.js';
import { type ModelHost, ModelManager, type ModelSource } from '../../src/models/model-manager.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { tinyModel } from '../helpers/tiny-model.js';

/** A host as the inference worker is one: one request after the other, one candidate at most. */
class MemoryHost implements ModelHost {
  readonly activated: string[] = [];
  refuses = false;
  #candidate: string | null = null;
  #last: Promise<unknown> = Promise.resolve();

  load({ name }: DetectorModel): Promise<number> {
    return this.#next(() => {
      if (this.refuses) throw new ModelError('it failed on a frame', { code: 'failed-on-frame' });
      this.#candidate = name;
      return 5;
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
  /** Names in the order of `onActive`. */
  readonly active: string[];
}

function rig(): Rig {
  const [host, log] = [new MemoryHost(), new RecordingLog()];
  const states: ModelState[] = [];
  const active: string[] = [];
  const manager = new ModelManager({
    host,
    log,
    onState: (state) => states.push(state),
    onActive: ({ name }) => active.push(name),
  });
  return { host, log, manager, states, active };
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
    const { manager, states, host, active } = rig();
    await manager.start(sourceOf('a'));
    const phases = states.map(({ phase }) => phase);
    assert.deepEqual(phases, ['verifying', 'warming', 'switching', 'active']);
    assert.equal(states[0]?.candidate?.file, sourceOf('a').file);
    const last = states.at(-1);
    assert.equal(last?.active?.name, 'a');
    assert.equal(last?.previous, null);
    assert.equal(last?.candidate, null);
    assert.deepEqual([host.activated, active], [['a'], ['a']]);
  });

  it('rejects and throws when the first model cannot be used', async () => {
    const { manager, states } = rig();
    await assert.rejects(manager.start(sourceOf('broken')), ModelError);
    const last = states.at(-1);
    assert.deepEqual(
      [last?.phase, last?.error?.code, last?.active],
      ['rejected', 'unreadable', null],
    );
  });

  it('names the model before and after a reload', async () => {
    const { manager, states, active } = rig();
    await manager.start(sourceOf('a'));
    await manager.reload(sourceOf('b'));
    const last = states.at(-1);
    assert.deepEqual([last?.active?.name, last?.previous?.name], ['b', 'a']);
    assert.deepEqual(active, ['a', 'b']);
  });

  it('keeps the active model and says why when a candidate fails', async () => {
    const { manager, states, host, log, active } = rig();
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
    assert.deepEqual([host.activated, active], [['a'], ['a']]);
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

  it('makes one reload of many requests, with the last source', async () => {
    const { manager, host, states } = rig();
    await manager.start(sourceOf('a'));
    const sources = ['b', 'a', 'b', 'a', 'b', 'c'].map((name) => sourceOf(name));
    await Promise.all(sources.map((source) => manager.reload(source)));
    assert.equal(states.at(-1)?.active?.name, 'c');
    assert.ok(host.activated.length <= 3, host.activated.join());
  });

  it('waits for the start before it reloads', async () => {
    const { manager, host, active } = rig();
    const starting = manager.start(sourceOf('a'));
    const reloading = manager.reload(sourceOf('b'));
    await Promise.all([starting, reloading]);
    assert.deepEqual(
      [host.activated, active],
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    );
  });

  it('loses no request that comes while a reload is ending', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const host = new MemoryHost();
      let late: Promise<void> | undefined;
      const manager = new ModelManager({
        host,
        log: new RecordingLog(),
        // The last thing a reload does that can be seen; a few microtasks later it is over.
        onState: ({ phase, candidate }) => {
          if (phase === 'active' && candidate === null && host.activated.length === 2) {
            late ??= afterTurns(turns).then(() => manager.reload(sourceOf('c')));
          }
        },
        onActive: () => {},
      });
      await manager.start(sourceOf('a'));
      await manager.reload(sourceOf('b'));
      await late;
      assert.deepEqual(host.activated, ['a', 'b', 'c'], `after ${turns} turns`);
    }
  });
});

async function afterTurns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await null;
}
