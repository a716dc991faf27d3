import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RewriteCache } from '../../src/models/quantize/rewrite-cache.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { tempFolder } from '../helpers/temp-folder.js';

const folder = tempFolder();
const LIMITS = { maxFiles: 3, maxBytes: 1_000 };
const hash = (digit: string): string => digit.repeat(64);
const bytes = (length: number, value = 7): Uint8Array => new Uint8Array(length).fill(value);

let count = 0;
function newFolder(): string {
  count += 1;
  return join(folder, `state-${count}`, 'rewritten');
}

/** Makes a file look as if it had been used so many seconds ago. */
function age(file: string, seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  utimesSync(file, time, time);
}

function cacheIn(place: string): { cache: RewriteCache; log: RecordingLog } {
  const log = new RecordingLog();
  return { cache: new RewriteCache(place, log, LIMITS), log };
}

describe('RewriteCache', () => {
  it('gives back what was put, in another process too, and nothing else', async () => {
    const place = newFolder();
    const { cache } = cacheIn(place);
    assert.equal(await cache.get(hash('a')), null);
    await cache.put(hash('a'), bytes(100));
    assert.deepEqual(await cacheIn(place).cache.get(hash('a')), bytes(100));
    assert.equal(await cache.get(hash('b')), null);
    assert.equal(readdirSync(place).length, 1);
  });

  it('does not trust a file that was damaged, and removes it', async () => {
    const place = newFolder();
    const { cache, log } = cacheIn(place);
    for (const damage of [bytes(100, 8), bytes(99), bytes(0), bytes(2_000)]) {
      await cache.put(hash('a'), bytes(100));
      const [name = ''] = readdirSync(place);
      writeFileSync(join(place, name), damage);
      assert.equal(await cache.get(hash('a')), null);
      assert.deepEqual(readdirSync(place), []);
    }
    assert.equal(log.lines.length, 4);
  });

  it('makes room by dropping what was not used for longest', async () => {
    const place = newFolder();
    const { cache } = cacheIn(place);
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      await cache.put(hash(name), bytes(100, i));
      const file = readdirSync(place).find((entry) => entry.startsWith(hash(name))) ?? '';
      age(join(place, file), 100 - i);
    }
    assert.ok(await cache.get(hash('a')), 'a is the oldest, but has just been used');
    await cache.put(hash('d'), bytes(100, 9));
    assert.deepEqual(
      readdirSync(place)
        .map((name) => name[0])
        .sort(),
      ['a', 'c', 'd'],
    );
    await cache.put(hash('e'), bytes(901));
    assert.deepEqual(
      readdirSync(place).map((name) => name[0]),
      ['e'],
    );
    await cache.put(hash('f'), bytes(1_001));
    assert.equal(await cache.get(hash('f')), null);
  });

  it('clears away what a killed writer left, and nothing that is not its own', async () => {
    const place = newFolder();
    const { cache } = cacheIn(place);
    mkdirSync(place, { recursive: true });
    const [old, recent] = [randomUUID(), randomUUID()].map((id) => `zz.tflite.${id}`);
    for (const name of [`${old}`, `${recent}`, 'notes.txt']) {
      writeFileSync(join(place, name), bytes(5_000));
    }
    age(join(place, `${old}`), 7_200);
    age(join(place, 'notes.txt'), 7_200);
    await cache.put(hash('a'), bytes(10));
    const names = readdirSync(place).sort();
    assert.deepEqual(names.slice(1), ['notes.txt', recent]);
    assert.match(names[0] ?? '', /^[0-9a-f]{64}\.v/);
  });

  it('works without a folder that it can use, and says so once', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, 'x');
    const { cache, log } = cacheIn(join(file, 'below'));
    await cache.put(hash('a'), bytes(10));
    assert.equal(await cache.get(hash('a')), null);
    await cache.put(hash('b'), bytes(10));
    assert.equal(log.lines.length, 1);
    assert.match(
      log.lines[0] ?? '',
      /Cannot keep rewritten models in ".*below": .*not a directory/i,
    );
    assert.equal(readFileSync(file, 'utf8'), 'x');
  });

  it('survives many writers at once', async () => {
    const place = newFolder();
    const writers = Array.from({ length: 20 }, (_, i) =>
      cacheIn(place).cache.put(hash(`${i % 4}`), bytes(100, i % 4)),
    );
    await Promise.all(writers);
    const names = readdirSync(place);
    assert.ok(names.length >= 1 && names.length <= LIMITS.maxFiles, names.join());
    assert.ok(names.every((name) => name.endsWith('.tflite')));
    const digit = names[0]?.[0] ?? '';
    assert.deepEqual(await cacheIn(place).cache.get(hash(digit)), bytes(100, Number(digit)));
  });
});
