import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tlsProblem } from '../../src/publishing/tls-failure.js';

const NOW_MS = Date.UTC(1970, 0, 2, 3);

function thrown(code: string, more: object = {}): Error {
  return Object.assign(new Error(code), { code, ...more });
}

describe('tlsProblem', () => {
  it('leaves alone what has nothing to do with TLS', () => {
    for (const error of [thrown('ECONNREFUSED'), new Error('x'), 'x', undefined]) {
      assert.equal(tlsProblem(error, NOW_MS), null);
    }
  });

  it('takes a certificate of the future for a wrong clock, which will pass', () => {
    const problem = tlsProblem(thrown('CERT_NOT_YET_VALID'), NOW_MS);
    assert.match(problem?.detail ?? '', /clock says 1970-01-02 and may be wrong$/);
    assert.equal(problem?.isDistrust, false);
  });

  it('says the same all day long', () => {
    for (const code of ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']) {
      const later = tlsProblem(thrown(code), NOW_MS + 3_600_000);
      assert.deepEqual(tlsProblem(thrown(code), NOW_MS), later);
    }
  });

  it('names the key to change where a certificate is not accepted', () => {
    for (const [code, key] of [
      ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'mqtt.ca_file'],
      ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'mqtt.key_file'],
      ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'mqtt.cert_file'],
      ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'mqtt.cert_file'],
      ['ERR_TLS_CERT_ALTNAME_INVALID', 'mqtt.server_name'],
    ] as const) {
      const problem = tlsProblem(thrown(code), NOW_MS);
      assert.ok(problem?.detail.includes(key), code);
      assert.equal(problem?.isDistrust, true);
    }
  });

  it('cuts the names of a certificate short, and their control characters out', () => {
    const subjectaltname = `DNS:a\n\u001b[2J${', DNS:b'.repeat(100)}`;
    const error = thrown('ERR_TLS_CERT_ALTNAME_INVALID', { host: 'pi', cert: { subjectaltname } });
    const detail = tlsProblem(error, NOW_MS)?.detail ?? '';
    assert.match(detail, /is not for "pi" but for DNS:a\?\?\[2J, DNS:b/);
    assert.ok(detail.length < 300);
  });

  it('gives OpenSSL’s reason for what it does not know', () => {
    const error = thrown('ERR_SSL_EE_KEY_TOO_SMALL', { reason: 'ee key too small' });
    assert.equal(tlsProblem(error, NOW_MS)?.detail, 'TLS failed: ee key too small');
  });
});
