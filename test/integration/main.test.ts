import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { TemporaryFolder } from '../helpers/config-input.js';
import { MAIN } from '../helpers/program.js';
import { PROJECT_ROOT } from '../helpers/reference-data.js';

/** Exit code of a process that may not read the program it is to run. */
const UNREACHABLE = 99;
const IS_ROOT = process.getuid?.() === 0;

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program in an environment of its own. */
function lookout(args: readonly string[], env: NodeJS.ProcessEnv = {}): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { code: status, out: stdout, err: stderr };
}

/** That the program said `lines` things and nothing it should not. */
function assertRefused(result: Result, code: number, lines = 1): void {
  assert.equal(result.code, code, result.err);
  assert.equal(result.out, '');
  assert.equal(result.err.trimEnd().split('\n').length, lines, result.err);
  assert.doesNotMatch(result.err, /^\s+at |node:internal|Error:|hunter2|undefined/m);
}

describe('lookout', () => {
  it('prints its version and its help', () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
    assert.deepEqual(lookout(['--version']), { code: 0, out: `${version}\n`, err: '' });
    const help = lookout(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.out, /^ {2}check /m);
  });

  it('gives 2 for wrong usage, with what was probably meant', () => {
    const result = lookout(['check', '--camera.widht=hunter2']);
    assertRefused(result, 2);
    assert.match(result.err, /did you mean --camera\.width\?/);
    assertRefused(lookout(['chekc']), 2);
    assertRefused(lookout(['check', '--config']), 2);
    assert.equal(lookout([]).code, 2);
  });
});

describe('lookout check', () => {
  it('prints the effective configuration with its origins, and no secret', () => {
    using folder = new TemporaryFolder();
    const file = folder.file('lookout.yaml', 'mqtt:\n  url: mqtts://me:hunter2@broker\n');
    const { code, out, err } = lookout(['check', '--config', file, '--no-model.watch'], {
      LOOKOUT_CAMERA_FPS: '5',
      LOOKOUT_MQTT_PASSWORD_FILE: folder.file('password', 'hunter2'),
    });
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    assert.match(out, /^ {2}url: "mqtts:\/\/\*\*\*@broker" +# .*lookout\.yaml:2$/m);
    assert.match(out, /^ {2}fps: 5 +# LOOKOUT_CAMERA_FPS$/m);
    assert.match(out, /^ {2}watch: false +# --model\.watch$/m);
    assert.match(out, /^ {2}index: 0 +# default$/m);
    assert.doesNotMatch(out, /hunter2/);
  });

  it('gives 78 and one line for each of many broken inputs', () => {
    using folder = new TemporaryFolder();
    for (const content of [
      'camera:\n  width: "abc"',
      'camera:\n  widht: 640',
      'mqtt:\n  password: hunter2',
      'mqtt:\n  url: "mqtt//me:hunter2@host"',
      'mqtt:\n  url: "mqtt://me:hunter2"',
      'mqtt: mqtt://me:hunter2@host',
      'mqtt:\n  password_file: [hunter2]',
      'mqtt:\n  url: "hunter2',
      'mqtt:\n  url: a: hunter2',
      '"hunter2" "hunter2"',
      'a: hunter2\n---\nb: hunter2',
      '{'.repeat(5000),
      '\0\0\0',
      Buffer.from([0xff, 0xfe, 0x00]),
      'x'.repeat(2 << 20),
      '- a',
    ]) {
      assertRefused(lookout(['check', '--config', folder.file('x.yaml', content)]), 78);
    }
    assertRefused(lookout(['check', '--config', folder.path]), 78);
    assertRefused(lookout(['check', '--config', join(folder.path, 'none')]), 78);
    assertRefused(lookout(['check', '--threads', 'many']), 78);
    assertRefused(lookout(['check'], { LOOKOUT_CAMERA_WIDHT: 'hunter2' }), 78);
    assertRefused(lookout(['check'], { LOOKOUT_MQTT_PASSWORD_FILE: folder.path }), 78);
    assertRefused(lookout(['check', '--threads=0', '--camera.fps=x', '--node=ü']), 78, 3);
  });

  it('says so when it may not read the file', { skip: !IS_ROOT && 'needs root' }, (t) => {
    using folder = new TemporaryFolder();
    const file = folder.file('lookout.yaml', 'node: a');
    chmodSync(folder.path, 0o755);
    chmodSync(file, 0o600);
    const script = `
      import { existsSync } from 'node:fs';
      process.setuid(65534);
      process.argv[1] = ${JSON.stringify(MAIN)};
      if (!existsSync(process.argv[1])) process.exit(${UNREACHABLE});
      await import(process.argv[1]);`;
    const args = ['--input-type=module', '-e', script, 'main', 'check', '--config', file];
    const { status, stderr } = spawnSync(process.execPath, args, { env: {}, encoding: 'utf8' });
    if (status === UNREACHABLE) {
      t.skip('the checkout is in a folder that other users may not enter');
      return;
    }
    assert.equal(status, 78, stderr);
    assert.match(stderr, /lookout\.yaml: cannot be read: permission denied\n$/);
  });

  it('is quiet when the reader of its output goes away', async () => {
    const child = spawn(process.execPath, [MAIN, 'check'], {
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    const exit = new Promise((resolve) => child.once('exit', resolve));
    assert.equal(await text(child.stderr), '');
    assert.equal(await exit, 0);
  });

  it('gives 1 when its output cannot be written', () => {
    const command = `"${process.execPath}" "${MAIN}" check > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { env: {}, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /^the disk is full\n$/);
  });
});
