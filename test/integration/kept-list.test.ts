import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { KeptList } from '../../src/files/kept-list.js';
import { tempFolder } from '../helpers/temp-folder.js';

const folder = tempFolder();

function listIn(file: string): KeptList<number> {
  const isEntry = (value: unknown): value is number => typeof value === 'number';
  return new KeptList({ file, format: 1, isEntry, maxBytes: 1_000 });
}

describe('KeptList', () => {
  it('gives back what was written last, and nothing where nothing was', async () => {
    const file = join(folder, 'deep', 'list.json');
    assert.deepEqual(await listIn(file).read(), []);
    await listIn(file).write([1, 2]);
    await listIn(file).write([3]);
    assert.deepEqual(await listIn(file).read(), [3]);
  });

  for (const [what, text, reason] of [
    ['is cut short', '{"format": 1, "ent', /JSON/],
    ['is of another format', '{"format": 2, "entries": []}', /another format/],
    ['is no object', 'null', /another format/],
    ['holds what does not belong there', '{"format": 1, "entries": ["1"]}', /not what was written/],
    ['is huge', `${' '.repeat(2_000)}`, /2000 characters/],
  ] as const) {
    it(`says what is wrong with a file that ${what}`, async () => {
      const file = join(folder, 'bad.json');
      writeFileSync(file, text);
      await assert.rejects(listIn(file).read(), reason);
    });
  }

  it('keeps what it has when there is too much to write', async () => {
    const file = join(folder, 'full.json');
    await listIn(file).write([1]);
    const before = await readFile(file, 'utf8');
    await assert.rejects(listIn(file).write(Array(1_000).fill(7)), /at most 1000/);
    assert.equal(await readFile(file, 'utf8'), before);
  });
});
