import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import type { Command } from '../../src/cli/command-context.js';
import { type Host, runCommandLine } from '../../src/cli/run-command.js';
import { ConfigError, ModelError, UsageError } from '../../src/errors.js';

class TextSink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const never = new Promise<never>(() => {});

/** Runs `lookout try …args`, whose work is `command`. */
async function run(command: Command, args: string[] = [], host: Partial<Host> = {}) {
  const stdout = new TextSink();
  const stderr = new TextSink();
  const root = new AbortController();
  const code = await runCommandLine(
    ['try', ...args],
    {
      env: {},
      stdout,
      stderr,
      machine: { hostName: 'pi', cores: 4 },
      version: '1.2.3',
      commands: [
        {
          name: 'try',
          summary: 'try it',
          positionals: '',
          options: [{ flags: '--json', doc: 'one JSON document' }],
          config: ['camera', 'log'],
          load: async () => (context) => command(context, root.signal),
        },
      ],
      onReload: () => {},
      crash: never,
      ...host,
    },
    root.signal,
  );
  return { code, out: stdout.text, err: stderr.text };
}

const failing =
  (error: unknown): Command =>
  async () => {
    throw error;
  };

describe('runCommandLine()', () => {
  it('hands the command what it was called with', async () => {
    const result = await run(
      async (context) => {
        const { config } = await context.loadConfig();
        context.stdout.write(`${context.options.get('json')} ${config.camera.fps}`);
      },
      ['--json', '--camera.fps', '7'],
    );
    assert.deepEqual(result, { code: 0, out: 'true 7', err: '' });
  });

  it('reads no file for a command that does not take all keys', async () => {
    const { code } = await run(
      async (context) => {
        assert.equal((await context.loadConfig()).file, null);
      },
      [],
      { env: { LOOKOUT_CONFIG: '/nonexistent' } },
    );
    assert.equal(code, 0);
  });

  it('says every problem of the configuration in a line of its own and gives 78', async () => {
    const problems = [
      { path: 'a', detail: 'is bad' },
      { path: 'b', detail: 'is\nworse' },
    ];
    assert.deepEqual(await run(failing(new ConfigError(problems))), {
      code: 78,
      out: '',
      err: 'a: is bad\nb: is worse\n',
    });
  });

  it('gives 78 for a missing key that the command needs', async () => {
    const result = await run(async (context) => {
      await context.loadConfig(['model.file']);
    });
    assert.equal(result.code, 78);
    assert.match(result.err, /^model\.file: is missing/);
  });

  it('gives a code for every kind of failure, and one sentence', async () => {
    for (const [error, code] of [
      [new UsageError('the reason'), 2],
      [new ModelError('the reason', { code: 'unreadable' }), 78],
      [new Error('the reason'), 1],
      [new TypeError('the reason'), 1],
      ['the reason', 1],
    ] as const) {
      assert.deepEqual(await run(failing(error)), { code, out: '', err: 'the reason\n' });
    }
    const unknown = await run(async () => {}, ['--jsn']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /did you mean --json\?/);
  });

  it('shows the stack of a fault only when lines of level debug are wanted', async () => {
    const fault = new Error('the reason');
    const debug = await run(failing(fault), ['--log.level', 'debug']);
    assert.match(debug.err, /^Error: the reason\n +at /);
    const fromEnvironment = await run(failing(fault), [], { env: { LOOKOUT_LOG_LEVEL: 'debug' } });
    assert.match(fromEnvironment.err, /\n +at /);
    const info = await run(failing(fault), ['--log.level', 'info'], {
      env: { LOOKOUT_LOG_LEVEL: 'debug' },
    });
    assert.equal(info.err, 'the reason\n');
  });

  it('gives 1 for an error that nobody caught', async () => {
    const result = await run(() => never, [], { crash: Promise.reject(new Error('the reason')) });
    assert.deepEqual(result, { code: 1, out: '', err: 'the reason\n' });
  });

  it('takes an abort for a failure only when nobody asked to stop', async () => {
    const abort = new DOMException('stopped', 'AbortError');
    assert.equal((await run(failing(abort))).code, 1);
    const root = new AbortController();
    root.abort();
    const host: Host = {
      env: {},
      stdout: new TextSink(),
      stderr: new TextSink(),
      machine: { hostName: 'pi', cores: 4 },
      version: '1.2.3',
      commands: [
        {
          name: 'try',
          summary: 'try it',
          positionals: '',
          options: [],
          config: [],
          load: async () => async (_, signal) => signal.throwIfAborted(),
        },
      ],
      onReload: () => {},
      crash: never,
    };
    assert.equal(await runCommandLine(['try'], host, root.signal), 0);
  });
});
