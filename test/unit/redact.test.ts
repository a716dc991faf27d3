import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redactUrl } from '../../src/config/redact.js';

describe('redactUrl()', () => {
  it('leaves a URL without a secret as it is', () => {
    for (const url of [
      'mqtt://localhost:1883',
      'mqtts://broker.example',
      'ws://[::1]:9001/mqtt',
      'localhost:1883',
      'localhost',
      '',
    ]) {
      assert.equal(redactUrl(url), url);
    }
  });

  it('blots out user and password, also in what is no proper URL', () => {
    assert.equal(redactUrl('mqtt://me:hunter2@host:1883/x'), 'mqtt://***@host:1883/x');
    assert.equal(redactUrl('mqtt://me:hun@ter/2@host'), 'mqtt://***@host');
    for (const url of [
      'me:hunter2@host',
      'mqtt//me:hunter2@host',
      'mqtt:me:hunter2@host',
      'mqtt://me:hunter2',
      'mqtt://hunter2:1883@',
      'me:hunter2',
      'mqtt://host:1883?password=hunter2',
      'ws://host/mqtt?token=hunter2#hunter2',
      'mqtt://host#hunter2',
      'mqtt://me\n:hunter2@host',
    ]) {
      assert.doesNotMatch(redactUrl(url), /hunter2/, url);
    }
  });
});
