import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../helpers/eventually.js';
import {
  appendAll,
  drain,
  outboxFolder,
  range,
  sampleEntry,
  startOutbox,
} from '../helpers/outbox-entries.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { tempFolder } from '../helpers/temp-folder.js';

const PARENT = tempFolder();
const HELPERS = new URL('../helpers/', import.meta.url);
const PROGRAM = fileURLToPath(new URL('outbox-process.js', HELPERS));

/** Runs a script where a file system of its own is mounted on the folder `place`. */
function onDisk(
  options: string,
  place: string,
  script: string,
): { stdout: string; stderr: string } {
  mkdirSync(place, { recursive: true });
  const program = `
    import { writeFileSync, rmSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import * as entries from '${new URL('outbox-entries.js', HELPERS)}';
    import { RecordingLog } from '${new URL('recording-log.js', HELPERS)}';
    const { appendAll, drain, range, sampleEntry, startOutbox } = entries;
    const log = new RecordingLog();
    const place = '${place}', folder = '${join(place, 'outbox')}';
    ${script}`;
  return spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', `mount -t tmpfs -o ${options} none '${place}' && exec "$0" "$@"`].concat(
      ...[process.execPath, '--input-type=module', '-e', program],
    ),
    { encoding: 'utf8', timeout: 60_000 },
  );
}

const noMount = onDisk('size=1m', join(PARENT, 'probe'), 'console.log("mounted")').stdout.includes(
  'mounted',
)
  ? false
  : 'file systems cannot be mounted here';

describe('Outbox on a disk that does not work', () => {
  it('keeps events in memory while the disk is full, and loses none', { skip: noMount }, () => {
    const { stdout, stderr } = onDisk(
      'size=8m',
      join(PARENT, 'full'),
      `
      const outbox = await startOutbox(folder, {}, log);
      await appendAll(outbox, range(1, 100));
      const { statfsSync } = await import('node:fs');
      const { bavail, bsize } = statfsSync(place);
      writeFileSync(place + '/ballast', Buffer.alloc(bavail * bsize - 20_000));
      for (const seq of range(101, 200)) await outbox.append(sampleEntry(seq));
      const { depth, inMemory } = outbox.counters;
      console.log(depth, inMemory > 50, outbox.problem?.kind);
      rmSync(place + '/ballast');
      while (outbox.counters.inMemory > 0) await sleep(20);
      console.log(outbox.problem);
      const seqs = (await drain(outbox)).map(({ seq }) => seq);
      console.log(seqs.join() === range(1, 200).join());
      console.log(log.lines.join('\\n'));
      await outbox[Symbol.asyncDispose]();`,
    );
    assert.match(
      stdout,
      /^200 true failed\nnull\ntrue\nerror Cannot keep events in ".*": No space left on device; trying again\n(error .*the disk is full.*\n)?info Events can be kept on disk again\n$/,
      stderr,
    );
  });

  it('can be read and emptied while the disk is full', { skip: noMount }, () => {
    const { stdout, stderr } = onDisk(
      'size=8m',
      join(PARENT, 'emptied'),
      `
      const { existsSync, statfsSync } = await import('node:fs');
      const outbox = await startOutbox(folder, {}, log);
      await appendAll(outbox, range(1, 100));
      const { bavail, bsize } = statfsSync(place);
      writeFileSync(place + '/ballast', Buffer.alloc(bavail * bsize));
      for (const seq of range(101, 200)) await outbox.append(sampleEntry(seq));
      await sleep(1500);
      const seqs = (await drain(outbox)).map(({ seq }) => seq);
      console.log(seqs.join() === range(1, 200).join());
      while (existsSync(folder) || outbox.problem) await sleep(20);
      console.log(await outbox.append(sampleEntry(201)));
      rmSync(place + '/ballast');
      await outbox[Symbol.asyncDispose]();`,
    );
    assert.equal(stdout, 'true\nin-memory\n', stderr);
  });

  it('bounds what it keeps in memory', { skip: noMount }, () => {
    const { stdout, stderr } = onDisk(
      'ro',
      join(PARENT, 'read-only'),
      `
      const outbox = await startOutbox(folder, {}, log);
      console.log(await outbox.append(sampleEntry(1)));
      await appendAll(outbox, range(2, 2000), 'update');
      const { bytes, depth, dropped } = outbox.counters;
      console.log(bytes <= 1 << 20, depth > 500, dropped.fullUpdate === 2000 - depth);
      console.log((await drain(outbox))[0].seq);
      console.log(log.lines.join('\\n'));
      await outbox[Symbol.asyncDispose]();`,
    );
    assert.match(
      stdout,
      /^in-memory\ntrue true true\n1\nerror Cannot keep events in ".*": the file system is read-only; trying again\n$/,
      stderr,
    );
  });

  it('writes what it kept in memory as soon as the folder can be made', async () => {
    const folder = outboxFolder(PARENT);
    const place = dirname(folder);
    rmSync(place, { recursive: true });
    writeFileSync(place, '');
    const log = new RecordingLog();
    {
      await using outbox = await startOutbox(folder, {}, log);
      assert.equal(await outbox.append(sampleEntry(1)), 'in-memory');
      assert.equal(outbox.problem?.kind, 'failed');
      rmSync(place);
      await eventually('it is on disk', () => outbox.counters.inMemory === 0);
      assert.equal(outbox.problem, null);
    }
    await using outbox = await startOutbox(folder);
    assert.equal(outbox.counters.depth, 1);
    assert.equal(log.lines.length, 2, log.lines.join('\n'));
  });

  it('waits for another process to let go of the store, and puts what is new behind', async (t) => {
    const folder = outboxFolder(PARENT);
    const other = spawn(process.execPath, [PROGRAM, folder, '1'], { stdio: 'pipe' });
    t.after(() => other.kill('SIGKILL'));
    let output = '';
    other.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    await eventually('it has kept something', () => output.includes('kept'));
    const log = new RecordingLog();
    await using outbox = await startOutbox(folder, {}, log);
    assert.equal(outbox.problem?.detail, 'another process uses it');
    assert.equal(await outbox.append(sampleEntry(1_000_000)), 'in-memory');
    other.kill('SIGKILL');
    await eventually('it is on disk', () => outbox.counters.inMemory === 0, 30_000);
    await appendAll(outbox, [1_000_001]);
    const seqs = (await drain(outbox)).map(({ seq }) => seq);
    assert.deepEqual(seqs.slice(-2), range(1_000_000, 1_000_001));
    assert.deepEqual(
      seqs,
      [...seqs].sort((a, b) => a - b),
    );
  });
});
