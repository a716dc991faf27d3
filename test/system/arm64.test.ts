import { describe, it } from 'node:test';
import { runChecks, unlessAskedFor } from '../helpers/shell-checks.js';

describe('Lookout on an emulated Raspberry Pi', { skip: unlessAskedFor('boards') }, () => {
  it('installs, runs and finds what it finds here', { timeout: 900_000 }, async (t) => {
    await runChecks(t, 'test/system/arm64.sh');
  });
});
