import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readMqttPassword } from '../../src/config/secrets.js';
import { problemsOf, TemporaryFolder } from '../helpers/config-input.js';

describe('readMqttPassword()', () => {
  it('takes the file, else the credential, else nothing', async () => {
    using folder = new TemporaryFolder();
    const password_file = folder.file('password', 'from file\n');
    assert.equal(await readMqttPassword({ password_file: null }, undefined), null);
    assert.equal(await readMqttPassword({ password_file: null }, folder.path), null);
    folder.file('mqtt-password', 'from credential');
    assert.equal(await readMqttPassword({ password_file: null }, folder.path), 'from credential');
    assert.equal(await readMqttPassword({ password_file }, folder.path), 'from file');
  });

  it('cuts off one line end and nothing else', async () => {
    using folder = new TemporaryFolder();
    for (const [content, password] of [
      ['a b \n', 'a b '],
      ['pass\r\n', 'pass'],
      ['pass\n\n', 'pass\n'],
      [' pässword', ' pässword'],
    ] as const) {
      const password_file = folder.file('password', content);
      assert.equal(await readMqttPassword({ password_file }, undefined), password);
    }
  });

  it('names the file and never what it holds', async () => {
    using folder = new TemporaryFolder();
    for (const [password_file, expected] of [
      [join(folder.path, 'missing'), /missing": no such file/],
      [folder.path, /not a regular file/],
      [folder.file('empty', ''), /it is empty/],
      [folder.file('line', '\n'), /it is empty/],
      [folder.file('long', 'hunter2'.repeat(1000)), /longer than 4096 bytes/],
      [folder.file('nul', 'hunter2\0'), /NUL/],
      [folder.file('latin1', Buffer.from('hunter2\xe9', 'latin1')), /not UTF-8/],
    ] as const) {
      const problems = await problemsOf(readMqttPassword({ password_file }, undefined));
      assert.equal(problems.length, 1, password_file);
      assert.equal(problems[0]!.path, 'mqtt.password_file');
      assert.match(problems[0]!.detail, expected);
      assert.doesNotMatch(problems[0]!.detail, /hunter2/);
    }
  });
});
