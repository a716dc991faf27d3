import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerIdentity } from './local-server.js';

/** For a test's `skip` option: false where certificates can be made. */
export const noOpenssl: string | false = spawnSync('openssl', ['version']).error
  ? 'openssl is not installed'
  : false;

/** Makes a self-signed certificate for this machine: `NAME.pem` and `NAME.key` in the folder. */
export function makeCertificate(folder: string, name: string): ServerIdentity {
  const key = join(folder, `${name}.key`);
  const cert = join(folder, `${name}.pem`);
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', key, '-out', cert, '-days', '2', '-subj', `/CN=${name}`],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  ]);
  assert.equal(made.status, 0, made.stderr.toString());
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}
