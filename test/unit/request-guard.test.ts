import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, it } from 'node:test';
import { refusalOf } from '../../src/http/request-guard.js';

function status(headers: IncomingHttpHeaders, method = 'GET'): number | null {
  return refusalOf({ method, headers }, ['pi.local'])?.status ?? null;
}

describe('refusalOf', () => {
  it('lets in who asks for this machine by address or by a name of its own', () => {
    for (const host of [
      '127.0.0.1:8484',
      'localhost',
      '192.168.1.7:80',
      '[::1]:8484',
      'PI.local:1',
    ]) {
      assert.equal(status({ host }), null, host);
    }
  });

  it('refuses foreign names, which somebody may have pointed at this address', () => {
    for (const host of ['evil.example', 'localhost.evil.example', 'pi.local.evil.example:80']) {
      assert.equal(status({ host }), 403, host);
    }
  });

  it('refuses what is no name', () => {
    for (const host of [
      undefined,
      '',
      'a b',
      '127.0.0.1/x',
      'me@127.0.0.1',
      '127.0.0.1?x',
      ':80',
    ]) {
      assert.equal(status({ host }), 400, host);
    }
  });

  it('refuses pages of other origins', () => {
    const host = '127.0.0.1:8484';
    assert.equal(status({ host, origin: `http://${host}` }), null);
    for (const origin of [
      'null',
      'https://127.0.0.1:8484',
      'http://127.0.0.1',
      'http://evil.example',
    ]) {
      assert.equal(status({ host, origin }), 403, origin);
    }
    assert.equal(status({ host, 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(status({ host, 'sec-fetch-site': 'same-origin' }), null);
    assert.equal(status({ host, 'sec-fetch-site': 'none' }), null);
  });

  it('refuses everything but reading', () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      assert.equal(status({ host: 'localhost' }, method), 405);
    }
    assert.equal(status({ host: 'localhost' }, 'HEAD'), null);
  });
});
