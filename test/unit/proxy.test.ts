import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { proxyFor, proxyRules } from '../../src/engine-library/proxy.js';

/** Host of the proxy for an address, or null. */
function via(address: string, env: Record<string, string>, pipProxy?: string): string | null {
  return proxyFor(new URL(address), proxyRules(pipProxy, env))?.host ?? null;
}

describe('proxyFor()', () => {
  it('goes by the kind of the address', () => {
    const env = { http_proxy: 'http://plain:1', HTTPS_PROXY: 'https://secure:2' };
    assert.equal(via('http://a.example', env), 'plain:1');
    assert.equal(via('https://a.example', env), 'secure:2');
    assert.equal(via('https://a.example', { http_proxy: 'http://plain:1' }), null);
    assert.equal(via('https://a.example', { all_proxy: 'any:3' }), 'any:3');
  });

  it('takes lower case before upper case, and what is empty for not set', () => {
    assert.equal(via('http://a.example', { http_proxy: 'low:1', HTTP_PROXY: 'up:1' }), 'low:1');
    assert.equal(via('http://a.example', { http_proxy: '', HTTP_PROXY: '' }), null);
  });

  it('takes the option of pip for all addresses, whatever the environment says', () => {
    const env = { https_proxy: 'other:1', no_proxy: '*' };
    for (const scheme of ['http', 'https']) {
      assert.equal(via(`${scheme}://a.example`, env, 'pip:3128'), 'pip:3128');
    }
  });

  for (const [no_proxy, address, isDirect] of [
    ['*', 'http://a.example', true],
    ['a.example', 'http://a.example', true],
    ['a.example', 'http://b.a.example', true],
    ['.a.example', 'http://b.a.example', true],
    ['*.a.example', 'http://b.a.example', true],
    ['A.Example', 'http://a.example', true],
    ['a.example', 'http://aa.example', false],
    ['x, a.example:8080', 'http://a.example:8080', true],
    ['a.example:8080', 'http://a.example', false],
    ['a.example:80', 'http://a.example', true],
    ['10.0.0.0/8', 'http://10.1.2.3', true],
    ['10.0.0.0/8', 'http://11.1.2.3', false],
    ['10.0.0.0/8', 'http://10.example', false],
    ['10.0.0.0/99', 'http://10.1.2.3', false],
    ['2.3', 'http://10.1.2.3', false],
    ['fd00::/8', 'http://[fd00::1]', true],
    ['::1', 'http://[::1]:80', true],
    ['', 'http://a.example', false],
  ] as const) {
    it(`goes ${isDirect ? 'straight' : 'through the proxy'} to ${address} with no_proxy "${no_proxy}"`, () => {
      assert.equal(via(address, { http_proxy: 'proxy:1', no_proxy }) === null, isDirect);
    });
  }
});

describe('proxyRules()', () => {
  it('refuses another kind of proxy without showing its address', () => {
    assert.throws(() => proxyRules(undefined, { https_proxy: 'socks5://u:secret@h:1' }), {
      message:
        'Cannot use https_proxy: found a proxy of the kind socks5:, expected http://host:port',
    });
    assert.throws(() => proxyRules('u:secret@:', {}), {
      message: "Cannot use pip's option proxy: found no address, expected http://host:port",
    });
  });
});
