import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { OutboxEntry } from '../../src/outbox/outbox-entry.js';
import { drain, outboxFolder, range, sampleEntry, startOutbox } from '../helpers/outbox-entries.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';
import { tempFolder } from '../helpers/temp-folder.js';

const CASES = Number(process.env.LOOKOUT_TEST_DAMAGES ?? 104);
const PARENT = tempFolder();
const ORIGINAL = outboxFolder(PARENT);
const ENTRIES = range(1, 200).map((seq) => sampleEntry(seq));

interface Outcome {
  readonly entries: readonly OutboxEntry[];
  readonly log: RecordingLog;
  readonly besides: readonly string[];
}

/** Copies the store, damages it, and reads what is left of it. */
async function afterDamage(damage: (folder: string) => void): Promise<Outcome> {
  const folder = outboxFolder(PARENT);
  cpSync(ORIGINAL, folder, { recursive: true });
  damage(folder);
  const log = new RecordingLog();
  await using outbox = await startOutbox(folder, {}, log);
  const entries = await drain(outbox);
  const besides = readdirSync(dirname(folder)).filter((name) => name.includes('damaged'));
  return { entries, log, besides };
}

/** In order, each as it was handed in. */
function assertTrue(entries: readonly OutboxEntry[], message: string): void {
  const seqs = entries.map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    [...new Set(seqs)].sort((a, b) => a - b),
    message,
  );
  assert.deepEqual(
    entries,
    seqs.map((seq) => ENTRIES[seq - 1]),
    message,
  );
}

function filesOf(folder: string, ending = ''): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

function flipBits(file: string, random: () => number): void {
  const bytes = readFileSync(file);
  for (let i = 0; i <= seededInteger(random, 8) && bytes.length > 0; i++) {
    const at = seededInteger(random, bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << seededInteger(random, 8));
  }
  writeFileSync(file, bytes);
}

/** Where the tables have their index, which LevelDB follows without looking. */
function flipLastBits(file: string, random: () => number): void {
  const bytes = readFileSync(file);
  const last = bytes.subarray(-300);
  for (let i = 0; i < 4 && last.length > 0; i++) {
    const at = seededInteger(random, last.length);
    last[at] = (last[at] ?? 0) ^ (1 << seededInteger(random, 8));
  }
  writeFileSync(file, bytes);
}

function truncate(file: string, random: () => number): void {
  truncateSync(file, seededInteger(random, readFileSync(file).length + 1));
}

function overwrite(file: string, random: () => number): void {
  const bytes = readFileSync(file);
  const at = seededInteger(random, bytes.length + 1);
  for (let i = at; i < Math.min(bytes.length, at + 4096); i++)
    bytes[i] = seededInteger(random, 256);
  writeFileSync(file, bytes);
}

describe('Outbox on damaged files', () => {
  before(async () => {
    for (const first of [0, 50, 100, 150]) {
      await using outbox = await startOutbox(ORIGINAL);
      await Promise.all(ENTRIES.slice(first, first + 50).map((entry) => outbox.append(entry)));
      if (first > 0) continue;
      for (let i = 0; i < 10; i++) {
        // Taken but not acknowledged.
        outbox.take();
      }
    }
    assert.ok(filesOf(ORIGINAL, '.ldb').length > 0 && filesOf(ORIGINAL, '.log').length > 0);
  });

  it('gives everything when nothing is damaged', async () => {
    const { entries, log, besides } = await afterDamage(() => undefined);
    assert.deepEqual(entries, ENTRIES);
    assert.deepEqual([log.lines, besides], [[], []]);
  });

  it('opens after any damage, and gives only what is true, in order', async () => {
    const kinds = [flipBits, flipLastBits, truncate, overwrite];
    let recovered = 0;
    for (let seed = 0; seed < CASES; seed++) {
      const random = seededRandom(seed);
      let what = '';
      const { entries } = await afterDamage((folder) => {
        const files = filesOf(folder);
        const file = files[seed % files.length] ?? '';
        const kind = kinds[Math.floor(seed / files.length) % kinds.length] ?? flipBits;
        what = `seed ${seed}: ${kind.name} ${file}`;
        kind(file, random);
      });
      assertTrue(entries, what);
      recovered += entries.length;
    }
    const share = recovered / (CASES * ENTRIES.length);
    assert.ok(share > 0.8, `only ${share} of the events were recovered`);
  });

  it('recovers all events but those that were hit in a table', async () => {
    const { entries, log, besides } = await afterDamage((folder) => {
      const file = filesOf(folder, '.ldb')[0] ?? '';
      const bytes = readFileSync(file);
      bytes[5_000] = (bytes[5_000] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    });
    assertTrue(entries, 'one bit');
    assert.equal(entries.length, ENTRIES.length - 1);
    assert.equal(log.having('error The events kept on disk were damaged: recovered 199').length, 1);
    assert.equal(besides.length, 1);
  });

  it('recovers what stands in the tables when all else is gone', async () => {
    const { entries, besides } = await afterDamage((folder) => {
      for (const file of filesOf(folder)) if (!/ldb|log/.test(file)) rmSync(file);
    });
    assert.deepEqual(entries, ENTRIES);
    assert.equal(besides.length, 1);
  });

  it('goes on when a table is missing, or a folder stands in its place', async () => {
    for (const replace of [() => undefined, mkdirSync]) {
      const { entries, besides } = await afterDamage((folder) => {
        const table = filesOf(folder, '.ldb').at(-1) ?? '';
        rmSync(table);
        replace(table);
      });
      assertTrue(entries, 'no table');
      assert.ok(entries.length >= 50);
      assert.equal(besides.length, 1);
    }
  });

  it('does not mind files of others', async () => {
    const { entries, log } = await afterDamage((folder) => {
      writeFileSync(join(folder, 'README'), 'hello');
      writeFileSync(join(folder, '999999.ldb'), 'not a table');
      mkdirSync(join(folder, 'lost'));
    });
    assert.deepEqual(entries, ENTRIES);
    assert.deepEqual(log.lines, []);
  });

  it('takes a table that was cut short by a kill for what it is', async () => {
    const { entries, log } = await afterDamage((folder) => {
      const table = readFileSync(filesOf(folder, '.ldb')[0] ?? '');
      writeFileSync(join(folder, '999999.ldb'), table.subarray(0, table.length / 2));
    });
    assert.deepEqual(entries, ENTRIES);
    assert.deepEqual(log.lines, []);
  });

  it('keeps no more than two damaged stores', async () => {
    const folder = outboxFolder(PARENT);
    for (let i = 0; i < 4; i++) {
      rmSync(folder, { recursive: true, force: true });
      cpSync(ORIGINAL, folder, { recursive: true });
      rmSync(join(folder, 'CURRENT'));
      await using outbox = await startOutbox(folder);
      assert.equal(outbox.counters.depth, ENTRIES.length);
    }
    const names = readdirSync(dirname(folder)).filter((name) => name.includes('damaged'));
    assert.equal(names.length, 2);
  });

  it('can be damaged while it is open', async () => {
    const folder = outboxFolder(PARENT);
    cpSync(ORIGINAL, folder, { recursive: true });
    await using outbox = await startOutbox(folder);
    for (const file of filesOf(folder, '.ldb')) flipBits(file, seededRandom(1));
    assertTrue(await drain(outbox), 'while open');
  });
});
