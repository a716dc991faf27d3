import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childEnvironment } from '../../src/processes/child-environment.js';

describe('childEnvironment', () => {
  it('keeps from a child what systemd says to the daemon', () => {
    const env = {
      PATH: '/bin',
      NOTIFY_SOCKET: '/run/notify',
      WATCHDOG_USEC: '1',
      WATCHDOG_PID: '2',
      CREDENTIALS_DIRECTORY: '/run/credentials',
    };
    assert.deepEqual(childEnvironment(env), { PATH: '/bin' });
  });
});
