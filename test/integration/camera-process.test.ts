import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { type CameraCommand, CameraProcess } from '../../src/camera/camera-process.js';
import { type FrameDeadlines, processFrames } from '../../src/camera/process-frames.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import { CameraError } from '../../src/errors.js';
import { eventually } from '../helpers/eventually.js';
import { ProcessMark } from '../helpers/processes.js';
import { RecordingLog } from '../helpers/recording-log.js';

const NEVER = new AbortController().signal;
const PATIENT: FrameDeadlines = { firstMs: 30_000, nextMs: 30_000 };

function shell(script: string, changes: Partial<CameraCommand> = {}): CameraCommand {
  return {
    purpose: 'test the guard',
    program: '/bin/sh',
    args: ['-c', script],
    env: process.env,
    stopSignal: 'SIGTERM',
    graceMs: 300,
    finite: true,
    ...changes,
  };
}

async function play(command: CameraCommand, deadlines = PATIENT, signal = NEVER) {
  const log = new RecordingLog();
  const frames: string[] = [];
  const stream = { command, frameBytes: 4, deadlines, pool: new FramePool() };
  const failure: unknown = await (async () => {
    for await (const frame of processFrames(stream, log, signal)) {
      frames.push(Buffer.from(frame).toString());
    }
    return null;
  })().catch((error: unknown) => error);
  return { frames, failure, log };
}

describe('CameraProcess', () => {
  it('gives what the program writes, and drops a partial frame at the regular end', async () => {
    const { frames, failure } = await play(shell('printf abcd; printf efghij'));
    assert.deepEqual(frames, ['abcd', 'efgh']);
    assert.equal(failure, null);
  });

  it('names program, exit code and last words', async () => {
    const { frames, failure } = await play(
      shell('printf abcd; echo one >&2; echo two >&2; exit 7'),
    );
    assert.deepEqual(frames, ['abcd']);
    assert.ok(failure instanceof CameraError);
    assert.equal(
      failure.message,
      'Cannot test the guard: "sh" ended with exit code 7, it said "two"',
    );
  });

  it('takes any end of a live camera for a failure', async () => {
    const { failure } = await play(shell('printf abcd', { finite: false }));
    assert.match(String(failure), /"sh" ended with exit code 0, it said nothing$/);
  });

  it('names the signal that killed it', async () => {
    const { failure } = await play(shell('kill -9 $$'));
    assert.match(String(failure), /"sh" was killed by SIGKILL/);
  });

  it('says why a program does not start', async () => {
    for (const PATH of [process.env.PATH, '/nowhere']) {
      const { failure } = await play(shell('', { program: '/nowhere/at-all', env: { PATH } }));
      assert.ok(failure instanceof CameraError);
      assert.match(failure.message, /\/nowhere\/at-all.*no such file/i);
    }
  });

  it('keeps systemd out of its environment', async () => {
    const env = { ...process.env, NOTIFY_SOCKET: '/x', WATCHDOG_USEC: '1' };
    const { frames } = await play(shell('printf "[%s]==" "$NOTIFY_SOCKET$WATCHDOG_USEC"', { env }));
    assert.deepEqual(frames, ['[]==']);
  });

  it('warns of the lines that matter, but not over and over', async () => {
    const script = 'for i in 1 2 3; do echo "sensor timed out $i" >&2; echo chat $i >&2; done';
    const { log } = await play(shell(script, { warnings: /timed out/ }));
    assert.deepEqual(log.having('warn'), ['warn sh says: sensor timed out 1']);
    assert.equal(log.having('debug').length, 5);
  });

  it('fails when no complete frame comes in time, and leaves no process', async () => {
    const mark = new ProcessMark();
    const script = 'trap "" TERM INT; printf abcdef; sleep 1000 & while :; do sleep 1; done';
    const { frames, failure } = await play(shell(script, { env: mark.on(process.env) }), {
      ...PATIENT,
      nextMs: 200,
    });
    assert.deepEqual(frames, ['abcd']);
    assert.match(String(failure), /"sh" gave no complete frame for 200 ms, it said nothing$/);
    assert.deepEqual(mark.living(), []);
  });

  it('does not hold the time that the consumer takes against the program', async () => {
    const deadlines = { ...PATIENT, nextMs: 1500 };
    const stream = {
      command: shell('printf abcd; printf efgh; printf ijkl'),
      frameBytes: 4,
      deadlines,
      pool: new FramePool(),
    };
    let frames = 0;
    for await (const _ of processFrames(stream, new RecordingLog(), NEVER)) {
      frames += 1;
      if (frames === 1) await new Promise((resolve) => setTimeout(resolve, 2000));
    }
    assert.equal(frames, 3);
  });

  it('ends a program that is blocked on a full pipe', async () => {
    const mark = new ProcessMark();
    const command = shell('trap "exit 0" TERM; while :; do cat /dev/zero; done', {
      env: mark.on(process.env),
      graceMs: 10_000,
    });
    const blocks = { bytes: 4096, pool: new FramePool() };
    const camera = await CameraProcess.start(command, blocks, new RecordingLog());
    for await (const _ of camera.output(NEVER)) break;
    const startMs = performance.now();
    await camera[Symbol.asyncDispose]();
    assert.ok(performance.now() - startMs < 8_000);
    assert.deepEqual(mark.living(), []);
  });

  it('takes the helpers of a program that dies with it', async () => {
    const mark = new ProcessMark();
    const command = shell('sleep 1000 & printf abcd', { env: mark.on(process.env) });
    assert.deepEqual((await play(command)).frames, ['abcd']);
    assert.deepEqual(mark.living(), []);
  });

  it('ends without a word when aborted, also before it has begun', async () => {
    const mark = new ProcessMark();
    for (const delayMs of [0, 100]) {
      const stop = new AbortController();
      if (delayMs === 0) stop.abort();
      else setTimeout(() => stop.abort(), delayMs);
      const command = shell('printf ab; exec sleep 1000', { env: mark.on(process.env) });
      assert.equal((await play(command, PATIENT, stop.signal)).failure, null);
      assert.deepEqual(mark.living(), []);
    }
  });

  it('dies with a daemon that is killed', async () => {
    const mark = new ProcessMark();
    const command = JSON.stringify(shell('printf abcd; exec sleep 1000', { env: {} }));
    const script = `
      import { CameraProcess } from '${new URL('../../src/camera/camera-process.js', import.meta.url)}';
      import { FramePool } from '${new URL('../../src/domain/frame-pool.js', import.meta.url)}';
      const silent = { error() {}, warn() {}, info() {}, debug() {} };
      const command = { ...${command}, env: process.env };
      const blocks = { bytes: 4, pool: new FramePool() };
      const camera = await CameraProcess.start(command, blocks, silent);
      for await (const _ of camera.output(new AbortController().signal)) console.log('started');`;
    const daemon = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: mark.on(process.env),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(daemon.stdout, 'data');
    assert.equal(mark.living().length, 2);
    daemon.kill('SIGKILL');
    await eventually('the child is gone', () => mark.living().length === 0);
  });
});
