import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ChoiceMemory, type RememberedChoice } from '../../src/tuning/choice-memory.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { SAMPLE_SETUP } from '../helpers/sample-setup.js';
import { tempFolder } from '../helpers/temp-folder.js';

const folder = tempFolder();

function choice(key: string): RememberedChoice {
  return {
    key,
    chosen: SAMPLE_SETUP,
    measured: [SAMPLE_SETUP],
    refused: [
      { name: 'litert', kernels: 'builtin', form: 'rewritten', threads: 1, reason: 'crashed' },
    ],
    measuredAtMs: 1000,
  };
}

function memory(file: string): { memory: ChoiceMemory; log: RecordingLog } {
  const log = new RecordingLog();
  return { memory: new ChoiceMemory(file, log), log };
}

describe('ChoiceMemory', () => {
  it('gives back what it was told, from a file, in folders that it makes', async () => {
    const file = join(folder, 'deep', 'er', 'engines.json');
    await memory(file).memory.remember(choice('a'));
    await memory(file).memory.remember(choice('b'));
    const other = memory(file);
    assert.deepEqual(await other.memory.recall('a'), choice('a'));
    assert.equal(await other.memory.recall('c'), null);
    assert.deepEqual(readdirSync(join(folder, 'deep', 'er')), ['engines.json']);
    assert.deepEqual(other.log.lines, []);
  });

  it('replaces a choice and forgets the oldest of too many', async () => {
    const { memory: kept } = memory(join(folder, 'many.json'));
    for (let i = 0; i < 70; i++) await kept.remember(choice(`key ${i}`));
    await kept.remember({ ...choice('key 69'), measuredAtMs: 2000 });
    assert.equal(await kept.recall('key 5'), null);
    assert.equal((await kept.recall('key 69'))?.measuredAtMs, 2000);
    assert.ok(await kept.recall('key 6'));
  });

  const good = JSON.stringify({ format: 3, entries: [choice('a')] });
  for (const [what, text] of [
    ['cut short', good.slice(0, -20)],
    ['empty', ''],
    ['of another format', '{"format": 999, "entries": []}'],
    ['no object', 'null'],
    ['of a wrong type within', good.replace('"threads":1', '"threads":"many"')],
    ['of an unknown engine', good.replace('"tfjs"', '"tpu"')],
    ['huge', `${good}${' '.repeat(300_000)}`],
  ] as const) {
    it(`begins anew and says so when its file is ${what}`, async () => {
      const file = join(folder, 'bad.json');
      writeFileSync(file, text);
      const { memory: bad, log } = memory(file);
      assert.equal(await bad.recall('a'), null);
      assert.equal(log.lines.length, 1);
      await bad.remember(choice('b'));
      assert.deepEqual(await memory(file).memory.recall('b'), choice('b'));
    });
  }

  it('says so and goes on where it cannot write', async () => {
    const locked = join(folder, 'file-in-the-way');
    writeFileSync(locked, '');
    const { memory: kept, log } = memory(join(locked, 'engines.json'));
    await kept.remember(choice('a'));
    assert.equal(log.having('Cannot remember').length, 1);
    assert.equal(readFileSync(locked, 'utf8'), '');
  });
});
