import { describe, it } from 'node:test';
import { runChecks, unlessAskedFor } from '../helpers/shell-checks.js';

const SCRIPT = 'test/system/systemd-container.sh';
const skip = unlessAskedFor('systemd');

describe('lookout.service under a real systemd', { concurrency: false }, () => {
  it('keeps its promises with Lookout', { timeout: 600_000 }, async (t) => {
    await runChecks(t, SCRIPT, ['lookout']);
  });

  it('keeps its promises with a small program in its place', {
    skip,
    timeout: 600_000,
  }, async (t) => {
    await runChecks(t, SCRIPT, ['fixture']);
  });
});
