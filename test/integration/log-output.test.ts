import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TemporaryFolder } from '../helpers/config-input.js';

const PROGRAM = fileURLToPath(new URL('../helpers/log-program.js', import.meta.url));

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the log program; what it writes to stderr goes to a file or, without one, to a pipe. */
async function run(args: string[], env: NodeJS.ProcessEnv = {}, stderr?: number): Promise<Result> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env,
    stdio: ['ignore', 'pipe', stderr ?? 'pipe'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, err] = await Promise.all([
    text(child.stdout!),
    child.stderr ? text(child.stderr) : '',
  ]);
  return { code: await exit, out, err };
}

describe('createLog()', () => {
  it('writes lines of the wanted levels as text, without colours into a pipe', async () => {
    const { code, err } = await run(['text', 'info', '1']);
    assert.equal(code, 0);
    const lines = err.trimEnd().split('\n');
    assert.match(lines[0]!, /^\d\d:\d\d:\d\d\.\d{3} info {2}line %s 0 i=0 message="a field"$/);
    assert.match(lines[1]!, /debug wanted now$/);
    assert.match(lines[2]!, /error two$/);
    assert.equal(lines[3], '  lines');
    assert.equal(lines.length, 4);
  });

  it('writes an object a line as JSON', async () => {
    const { err } = await run(['json', 'error', '1']);
    const lines = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ level, message }) => [level, message]),
      [
        ['debug', 'wanted now'],
        ['error', 'two\nlines'],
      ],
    );
    assert.ok(lines.every(({ time }) => /^\d{4}-.*Z$/.test(time)));
  });

  it('writes for the journal only when $JOURNAL_STREAM names its stderr', async () => {
    using folder = new TemporaryFolder();
    const file = join(folder.path, 'stderr');
    const descriptor = openSync(file, 'a');
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    await run(['auto', 'info', '1'], { JOURNAL_STREAM: `${dev}:${ino}` }, descriptor);
    closeSync(descriptor);
    assert.deepEqual(readFileSync(file, 'utf8').split('\n'), [
      '<6>line %s 0 i=0 message="a field"',
      '<7>wanted now',
      '<3>two',
      '<3>lines',
      '',
    ]);
    for (const other of [`${dev}:${ino + 1n}`, 'nonsense', '']) {
      const { err } = await run(['auto', 'info', '1'], { JOURNAL_STREAM: other });
      assert.doesNotMatch(err, /^</m);
    }
  });

  it('goes on when nobody reads any more', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'text', 'info', '5000'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.destroy();
    const exit = new Promise((resolve) => child.once('exit', resolve));
    assert.ok(Number(await text(child.stdout)) < 1000, 'nothing piles up');
    assert.equal(await exit, 0);
  });

  it('goes on with a stderr that was closed from the start', async () => {
    const child = spawn(
      'sh',
      ['-c', 'exec "$0" "$@" 2>&-', process.execPath, PROGRAM, 'auto', 'info', '10'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const exit = new Promise((resolve) => child.once('exit', resolve));
    assert.equal(await text(child.stdout), '0\n');
    assert.equal(await exit, 0);
  });

  it('holds back a limited amount when the reader is stuck', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'json', 'info', '30000'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.pause();
    const waiting = Number(await text(child.stdout));
    child.stderr.destroy();
    assert.ok(waiting > 0 && waiting < 300 * 1024, `${waiting} bytes wait`);
  });
});
