import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../src/errors.js';
import { parseBrokerUrl } from '../../src/publishing/broker-address.js';

describe('parseBrokerUrl', () => {
  it('fills in the default ports', () => {
    assert.equal(parseBrokerUrl('mqtt://broker').port, 1883);
    assert.equal(parseBrokerUrl('mqtts://broker').port, 8883);
    assert.equal(parseBrokerUrl('mqtts://broker:1234').port, 1234);
    assert.equal(parseBrokerUrl('mqtts://broker').tls, true);
  });

  it('knows websockets by their scheme, with the ports of HTTP and the usual path', () => {
    for (const [url, port, tls, path] of [
      ['ws://broker', 80, false, '/mqtt'],
      ['ws://broker:9001/', 9001, false, '/mqtt'],
      ['wss://broker', 443, true, '/mqtt'],
      ['wss://broker:8884/ws/v5?token=a%2Fb', 8884, true, '/ws/v5?token=a%2Fb'],
      ['mqtts://broker/ignored', 8883, true, null],
    ] as const) {
      const address = parseBrokerUrl(url);
      assert.deepEqual([address.port, address.tls, address.path], [port, tls, path], url);
    }
  });

  it('shows the path of a websocket, but not its query, which may be a token', () => {
    assert.equal(parseBrokerUrl('ws://me:pw@[::1]:9001').display, 'ws://[::1]:9001/mqtt');
    assert.equal(parseBrokerUrl('wss://broker/a?token=secret').display, 'wss://broker:443/a');
  });

  it('takes the brackets off an IPv6 address', () => {
    assert.equal(parseBrokerUrl('mqtt://[::1]:1883').host, '::1');
  });

  it('takes user name and password out and decodes them', () => {
    const address = parseBrokerUrl('mqtt://me:p%40ss@broker');
    assert.equal(address.username, 'me');
    assert.equal(address.password, 'p@ss');
    assert.equal(address.display, 'mqtt://broker:1883');
  });

  for (const url of [
    'broker',
    'http://me:secret@broker',
    'mqtt://me:secret@bro ker',
    'mqtt://',
    '',
  ]) {
    it(`refuses "${url}" without telling the password`, () => {
      assert.throws(
        () => parseBrokerUrl(url),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.match(error.message, /^mqtt\.url: cannot use .* expected mqtt:\/\//);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        },
      );
    });
  }

  it('hides a password that holds an @ or a slash', () => {
    for (const url of [
      'mqtt://me:sec@ret@bro ker',
      'mqtt://me:sec/ret@bro ker',
      'me:secret@broker',
    ]) {
      assert.throws(() => parseBrokerUrl(url), /cannot use "(mqtt:\/\/)?\*\*\*@bro ?ker"/);
    }
  });
});
