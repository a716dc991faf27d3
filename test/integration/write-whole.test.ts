import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { prepareFolder, writeWhole } from '../../src/files/write-whole.js';
import { tempFolder } from '../helpers/temp-folder.js';

const FOLDER = tempFolder();
const MODULE = new URL('../../src/files/write-whole.js', import.meta.url);

/** Runs a script where a small file system of its own is mounted on the folder. */
function onDisk(mount: string, script: string): { stdout: string; stderr: string } {
  const program = `import { prepareFolder, writeWhole } from '${MODULE}'; import { readdirSync } from 'node:fs';
    const file = '${join(FOLDER, 'file')}'; ${script}`;
  return spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', `${mount} && exec "$0" "$@"`].concat(
      ...[process.execPath, '--input-type=module', '-e', program],
    ),
    { encoding: 'utf8' },
  );
}

const SMALL = `mount -t tmpfs -o size=100k none '${FOLDER}'`;
const READ_ONLY = `mount -t tmpfs -o ro none '${FOLDER}'`;
const noMount = onDisk(SMALL, 'console.log("mounted")').stdout.includes('mounted')
  ? false
  : 'file systems cannot be mounted here';

describe('writeWhole()', () => {
  it('says that the disk is full, and leaves what was there', { skip: noMount }, () => {
    const { stdout, stderr } = onDisk(
      SMALL,
      `await writeWhole(file, new Uint8Array(50_000));
       await writeWhole(file, new Uint8Array(60_000)).catch((e) => console.log(e.message));
       console.log(readdirSync('${FOLDER}').join());`,
    );
    assert.match(
      stdout,
      /^Cannot write ".*file": the disk is full( after \d+ bytes)?\nfile\n$/,
      stderr,
    );
  });

  it('is told before that nothing can be written', { skip: noMount }, () => {
    const { stdout, stderr } = onDisk(
      READ_ONLY,
      'await prepareFolder(file).catch((e) => console.log(e.message));',
    );
    assert.match(stdout, /^Cannot write ".*file": the file system is read-only\n$/, stderr);
  });

  it('cannot write where a part of the path is a file', async () => {
    writeFileSync(join(FOLDER, 'a'), '');
    const file = join(FOLDER, 'a', 'b', 'c');
    await assert.rejects(prepareFolder(file), /^Error: Cannot write ".*c": a part of the path/);
    await assert.rejects(writeWhole(file, new Uint8Array(1)), /^Error: Cannot write ".*c": /);
    assert.deepEqual(readdirSync(FOLDER), ['a']);
  });
});
