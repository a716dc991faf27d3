import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../src/errors.js';
import { checkCaPem, parseBrokerUrl } from '../../src/publishing/broker-address.js';

describe('parseBrokerUrl', () => {
  it('fills in the default ports', () => {
    assert.equal(parseBrokerUrl('mqtt://broker').port, 1883);
    assert.equal(parseBrokerUrl('mqtts://broker').port, 8883);
    assert.equal(parseBrokerUrl('mqtts://broker:1234').port, 1234);
    assert.equal(parseBrokerUrl('mqtts://broker').tls, true);
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

describe('checkCaPem', () => {
  it('refuses what is not a PEM certificate', () => {
    assert.throws(() => checkCaPem('not a certificate'), /mqtt\.ca_file: cannot read the CA/);
  });
});
