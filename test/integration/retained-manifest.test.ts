import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RetainedManifest } from '../../src/publishing/retained-manifest.js';
import { eventually } from '../helpers/eventually.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { tempFolder } from '../helpers/temp-folder.js';

const folder = tempFolder();

describe('RetainedManifest', () => {
  it('gives another run the topics that were noted', async () => {
    const file = join(folder, 'topics.json');
    const manifest = new RetainedManifest(file, new RecordingLog());
    assert.deepEqual(await manifest.read(), []);
    manifest.note(['b', 'a']);
    manifest.note(['c', 'b', 'a']);
    await eventually('it is written', () => existsSync(file));
    manifest.note(['c']);
    await manifest[Symbol.asyncDispose]();
    assert.deepEqual(await new RetainedManifest(file, new RecordingLog()).read(), ['c']);
  });

  it('writes nothing while the topics are the same', async () => {
    const file = join(folder, 'same.json');
    const first = new RetainedManifest(file, new RecordingLog());
    first.note(['a', 'b']);
    await first[Symbol.asyncDispose]();
    const { ino } = statSync(file);
    const second = new RetainedManifest(file, new RecordingLog());
    await second.read();
    second.note(['b', 'a']);
    await second[Symbol.asyncDispose]();
    assert.equal(statSync(file).ino, ino);
  });

  it('begins anew over a file that is broken, and says so once', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{');
    const log = new RecordingLog();
    const manifest = new RetainedManifest(file, log);
    assert.deepEqual(await manifest.read(), []);
    manifest.note(['a']);
    await manifest[Symbol.asyncDispose]();
    assert.equal(log.lines.length, 1);
    assert.match(readFileSync(file, 'utf8'), /"a"/);
  });

  it('says once that it cannot write, and goes on', async () => {
    const inTheWay = join(folder, 'file');
    writeFileSync(inTheWay, '');
    const log = new RecordingLog();
    const manifest = new RetainedManifest(join(inTheWay, 'topics.json'), log);
    await manifest.read();
    manifest.note(['a']);
    await manifest[Symbol.asyncDispose]();
    assert.equal(log.lines.length, 1);
  });
});
