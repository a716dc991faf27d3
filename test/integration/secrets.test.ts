import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readBrokerSecrets, readMqttPassword, type SecretFiles } from '../../src/config/secrets.js';
import { noOpenssl } from '../helpers/certificate.js';
import { CertificateAuthority } from '../helpers/certificate-authority.js';
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

describe('readBrokerSecrets()', { skip: noOpenssl }, () => {
  const NONE: SecretFiles = { password_file: null, ca_file: null, cert_file: null, key_file: null };

  it('takes certificate and key, and systemd’s credential for the key', async () => {
    using folder = new TemporaryFolder();
    const { certFile, keyFile, certPem, keyPem } = new CertificateAuthority(
      join(folder.path, 'ca'),
    ).issue('me');
    const files = { ...NONE, cert_file: certFile };
    const pair = { certPem, keyPem };
    const secrets = await readBrokerSecrets({ ...files, key_file: keyFile }, undefined);
    assert.deepEqual(secrets.clientCertificate, pair);
    assert.deepEqual(secrets.warnings, [], 'openssl writes keys that only their owner may read');
    folder.file('mqtt-key', keyPem);
    const withCredential = await readBrokerSecrets(files, folder.path);
    assert.deepEqual(withCredential.clientCertificate, pair);
    // Without a certificate the credential is of no concern.
    assert.equal((await readBrokerSecrets(NONE, folder.path)).clientCertificate, null);
  });

  it('warns of a key that everyone can read', async () => {
    using folder = new TemporaryFolder();
    const { certFile, keyFile } = new CertificateAuthority(join(folder.path, 'ca')).issue('me');
    chmodSync(keyFile, 0o644);
    const files = { ...NONE, cert_file: certFile, key_file: keyFile };
    const { warnings } = await readBrokerSecrets(files, undefined);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /Everyone on this machine can read the key ".*me\.key"/);
    chmodSync(keyFile, 0o640);
    assert.deepEqual((await readBrokerSecrets(files, undefined)).warnings, []);
  });

  it('says which of the files is wrong and how, and never what it holds', async () => {
    using folder = new TemporaryFolder();
    const ca = new CertificateAuthority(join(folder.path, 'ca'));
    const mine = ca.issue('mine');
    const other = ca.issue('other');
    const encrypted = join(folder.path, 'encrypted');
    const args = ['ec', '-in', mine.keyFile, '-aes128', '-passout', 'pass:word', '-out', encrypted];
    assert.equal(spawnSync('openssl', args).status, 0);
    const cut = `${ca.caPem}${ca.caPem.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAA')}`;
    const secret = readFileSync(other.keyFile, 'utf8').split('\n')[1] ?? '';
    const cases: readonly [Partial<SecretFiles>, RegExp][] = [
      [{ cert_file: mine.certFile }, /^mqtt\.key_file: is missing: mqtt\.cert_file needs/],
      [{ cert_file: '/none', key_file: '/none' }, /^mqtt\.cert_file: .*"\/none": no such file/],
      [{ cert_file: mine.certFile, key_file: '/none' }, /^mqtt\.key_file: .*no such file/],
      [{ cert_file: mine.keyFile, key_file: mine.keyFile }, /^mqtt\.cert_file: .*no certificate/],
      [{ cert_file: mine.certFile, key_file: mine.certFile }, /^mqtt\.key_file: .*no key in it/],
      [{ cert_file: mine.certFile, key_file: encrypted }, /^mqtt\.key_file: .*it is encrypted/],
      [{ cert_file: mine.certFile, key_file: other.keyFile }, /it is not the key of the first/],
      [{ ca_file: folder.file('garbage', 'x') }, /^mqtt\.ca_file: .*no certificate in it/],
      [{ ca_file: folder.file('cut', cut) }, /^mqtt\.ca_file: .*certificate number 2 is damaged/],
    ];
    for (const [files, expected] of cases) {
      const problems = await problemsOf(readBrokerSecrets({ ...NONE, ...files }, undefined));
      assert.equal(problems.length, 1);
      const said = `${problems[0]?.path}: ${problems[0]?.detail}`;
      assert.match(said, expected);
      assert.ok(!said.includes(secret));
    }
  });
});
