import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { KeptSettings, readKeptSettings } from '../../src/commands/kept-settings.js';
import { eventually } from '../helpers/eventually.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { tempFolder } from '../helpers/temp-folder.js';

const folder = tempFolder();
const DETECT = 'cam/porch/set/detect';
const LEVEL = 'set/log_level';

async function settingsIn(name: string) {
  const log = new RecordingLog();
  const file = join(folder, name);
  const changes: number[] = [];
  const onChange = (): void => void changes.push(1);
  const kept = await KeptSettings.start({ file, onChange }, log);
  return { kept, log, file, changes };
}

/** As a start of the daemon does. */
function configure(kept: KeptSettings, level = 'info'): void {
  kept.configure(DETECT, 'ON');
  kept.configure(LEVEL, level);
}

describe('KeptSettings', () => {
  it('gives another run what was set, at once on the disk', async () => {
    const { kept, file } = await settingsIn('kept/settings.json');
    configure(kept);
    kept.keep(DETECT, 'OFF');
    kept.keep(LEVEL, 'debug');
    // No good-bye: the process may be killed.
    await eventually('both are written', async () => (await readKeptSettings(file)).length === 2);
    const { kept: next } = await settingsIn('kept/settings.json');
    configure(next);
    assert.deepEqual(next.all, [
      { topic: DETECT, value: 'OFF', instead: 'ON' },
      { topic: LEVEL, value: 'debug', instead: 'info' },
    ]);
    await kept[Symbol.asyncDispose]();
  });

  it('forgets what is set to what is configured, and what was never configured', async () => {
    const { kept, file } = await settingsIn('back.json');
    configure(kept);
    kept.keep(DETECT, 'OFF');
    kept.keep(DETECT, 'ON');
    kept.keep('set/unheard_of', '1');
    await kept[Symbol.asyncDispose]();
    assert.deepEqual(await readKeptSettings(file), []);
  });

  it('lets go of a setting when the configuration gives another value than then', async () => {
    const { kept } = await settingsIn('changed.json');
    configure(kept);
    kept.keep(DETECT, 'OFF');
    kept.keep(LEVEL, 'debug');
    await kept[Symbol.asyncDispose]();
    const { kept: next, log } = await settingsIn('changed.json');
    configure(next, 'warn');
    assert.deepEqual([next.valueOf(DETECT), next.valueOf(LEVEL)], ['OFF', null]);
    assert.equal(log.having('takes back').length, 1);
    await next[Symbol.asyncDispose]();
  });

  it('lets go of a setting that there is no longer', async () => {
    const { kept } = await settingsIn('gone.json');
    kept.configure('cam/porch/set/threshold/dog', '0.5');
    kept.keep('cam/porch/set/threshold/dog', '0.7');
    kept.configure('cam/porch/set/threshold/dog', null);
    assert.deepEqual(kept.all, []);
    assert.equal(kept.configuredOf('cam/porch/set/threshold/dog'), null);
    await kept[Symbol.asyncDispose]();
  });

  it('writes nothing while nothing changes, and a hundred changes in one go once', async () => {
    const { kept, file, changes } = await settingsIn('still.json');
    configure(kept);
    kept.keep(DETECT, 'ON');
    await kept[Symbol.asyncDispose]();
    assert.equal(existsSync(file), false);
    const { kept: next } = await settingsIn('still.json');
    next.configure(LEVEL, 'info');
    for (let i = 0; i < 100; i++) next.keep(LEVEL, `level ${i}`);
    await next[Symbol.asyncDispose]();
    assert.equal((await readKeptSettings(file))[0]?.value, 'level 99');
    const { ino } = statSync(file);
    const { kept: third } = await settingsIn('still.json');
    third.configure(LEVEL, 'info');
    third.keep(LEVEL, 'level 99');
    await third[Symbol.asyncDispose]();
    assert.equal(statSync(file).ino, ino);
    assert.deepEqual(changes, []);
  });

  for (const [what, text] of [
    ['is cut short', '{"format": 1, "entries": [{"topic": "set/log_l'],
    ['is empty', ''],
    ['holds other things', '{"format": 1, "entries": [{"topic": 7}]}'],
    ['has an endless value', `{"format":1,"entries":[{"topic":"a","value":"${'x'.repeat(300)}"}]}`],
  ] as const) {
    it(`sets aside a file that ${what}, says so once and goes on`, async () => {
      const file = join(folder, 'bad.json');
      writeFileSync(file, text);
      const { kept, log } = await settingsIn('bad.json');
      assert.deepEqual(kept.all, []);
      assert.match(kept.problem ?? '', /^Settings that were made by commands are lost: /);
      assert.equal(log.lines.length, 1);
      assert.equal(readFileSync(join(folder, 'unusable-bad.json'), 'utf8'), text);
      configure(kept);
      kept.keep(DETECT, 'OFF');
      await kept[Symbol.asyncDispose]();
      assert.equal(kept.problem, null);
      assert.equal((await readKeptSettings(file)).length, 1);
    });
  }

  it('says that settings will not last where the disk takes nothing, and tries again at the end', async () => {
    const { kept, log, file } = await settingsIn('full/settings.json');
    // Root may write anywhere, but not over a folder.
    mkdirSync(file, { recursive: true });
    configure(kept);
    kept.keep(DETECT, 'OFF');
    await eventually('the problem is known', () => kept.problem !== null);
    assert.match(kept.problem ?? '', /^Settings that were made by commands will not last: /);
    assert.equal(kept.valueOf(DETECT), 'OFF');
    assert.equal(log.lines.length, 1);
    rmdirSync(file);
    await kept[Symbol.asyncDispose]();
    assert.equal(kept.problem, null);
    assert.equal((await readKeptSettings(file)).length, 1);
  });

  it('ends at once although the disk takes nothing', async () => {
    const { kept, file } = await settingsIn('dead/settings.json');
    mkdirSync(file, { recursive: true });
    configure(kept);
    kept.keep(DETECT, 'OFF');
    const begin = performance.now();
    await kept[Symbol.asyncDispose]();
    assert.ok(performance.now() - begin < 5_000);
    assert.notEqual(kept.problem, null);
  });

  it('keeps no more than it can', async () => {
    const { kept, log } = await settingsIn('many.json');
    for (let i = 0; i < 600; i++) {
      const topic = `cam/porch/set/threshold/label_${i}`;
      kept.configure(topic, '0.5');
      kept.keep(topic, '0.6');
    }
    assert.equal(kept.all.length, 512);
    assert.equal(log.having('512 are kept already').length, 1);
    await kept[Symbol.asyncDispose]();
  });
});
