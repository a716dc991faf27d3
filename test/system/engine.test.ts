import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { pinFor } from '../../src/engine-library/library-pin.js';
import { currentPlatform, whyUnsupported } from '../../src/engine-library/platform.js';
import { installation } from '../helpers/installation.js';

const PIN = pinFor(process.arch);
const unsupported = whyUnsupported(currentPlatform(), PIN) ?? false;

/** An index that nobody is at; the files of pip on this machine do not count. */
const UNREACHABLE = { PIP_CONFIG_FILE: '/dev/null', PIP_INDEX_URL: 'http://127.0.0.1:1/simple' };

/** An installation, and its command `engine`. */
function engineCommands() {
  const { main, library } = installation();
  function lookout(args: string, env: NodeJS.ProcessEnv = {}) {
    const { PIP_FIND_LINKS: _, ...machine } = process.env;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [main, 'engine', ...args.split(' ')],
      { encoding: 'utf8', env: { ...machine, ...env } },
    );
    return { status, stdout, stderr };
  }
  return { library, lookout };
}

describe('lookout engine pull', { skip: unsupported }, () => {
  it('fails in one line that says why, or at an installation only says so', () => {
    const { lookout, library } = engineCommands();
    const failed = lookout('pull', UNREACHABLE);
    assert.deepEqual([failed.status, failed.stdout], [1, '']);
    assert.match(failed.stderr, /^Cannot fetch LiteRT [^\n]+: it refuses connections\n$/);
    const optional = lookout('pull --optional', UNREACHABLE);
    assert.deepEqual([optional.status, optional.stdout], [0, '']);
    assert.match(
      optional.stderr,
      /^LiteRT was not fetched, and models run several times slower without it: [^\n]+: it refuses connections\. Get it with: lookout engine pull\n$/,
    );
    assert.ok(!existsSync(library));
  });

  it('can be switched off at an installation, by a variable or by npm', () => {
    const { lookout } = engineCommands();
    for (const [env, reason] of [
      [{ LOOKOUT_ENGINE_PULL: 'off' }, 'LOOKOUT_ENGINE_PULL is "off"'],
      [{ npm_config_offline: 'true' }, 'npm is offline'],
    ] as const) {
      const { status, stderr } = lookout('pull --optional', { ...UNREACHABLE, ...env });
      assert.equal(status, 0);
      assert.ok(stderr.includes(`: ${reason}. Get it with`), stderr);
      assert.match(lookout('pull', { ...UNREACHABLE, ...env }).stderr, /refuses connections/);
    }
  });

  it('fetches the official library, once', (test) => {
    const { lookout, library } = engineCommands();
    writeFileSync(library, 'damaged');
    const first = lookout('pull');
    const isThere = first.status === 0;
    if (!isThere && !/SHA-256|does not hold/.test(first.stderr)) {
      test.skip(`the package index is not to be reached here: ${first.stderr.trim()}`);
      return;
    }
    assert.ok(isThere, first.stderr);
    assert.match(
      first.stdout,
      /^LiteRT [\d.]+ is there, verified: taken from "[^"]+" in [\d.]+ s\n$/,
    );
    for (const args of ['pull', 'pull --optional']) {
      const { stdout, stderr } = lookout(args, { ...UNREACHABLE, LOOKOUT_ENGINE_PULL: 'off' });
      assert.match(stdout, /^LiteRT [\d.]+ is there, verified\n$/, stderr);
    }
    assert.match(lookout('list').stdout, /^litert {2}LiteRT [\d.]+ +usable +\/.*libLiteRt\.so\n/);
  });
});

describe('lookout engine list', { skip: unsupported }, () => {
  it('says of every engine whether it is usable, and why not', () => {
    const { lookout, library } = engineCommands();
    const { status, stdout } = lookout('list');
    assert.equal(status, 0);
    const [litert, tfjs, ...rest] = stdout.split('\n');
    assert.match(litert ?? '', /^litert {2}LiteRT [\d.]+ +not usable {2}there is no "\/.*\.so"$/);
    assert.match(tfjs ?? '', /^tfjs {4}TensorFlow Lite 2\.9\.0 +usable {6}\/.*\.node$/);
    assert.deepEqual(rest, ['']);

    writeFileSync(library, 'damaged');
    const { engines } = JSON.parse(lookout('list --json').stdout) as { engines: object[] };
    assert.deepEqual(engines[0], {
      name: 'litert',
      runtime: `LiteRT ${PIN?.version}`,
      usable: false,
      reason: `"${library}" is not LiteRT ${PIN?.version}: it is no library at all`,
      file: null,
    });
  });
});
