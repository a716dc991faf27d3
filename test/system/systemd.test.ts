import { describe, it } from 'node:test';
import { runChecks } from '../helpers/shell-checks.js';

describe('lookout.service under a real systemd', { concurrency: false }, () => {
  for (const subject of ['fixture', 'lookout']) {
    it(`keeps its promises with the ${subject}`, { timeout: 600_000 }, async (t) => {
      await runChecks(t, 'test/system/systemd-container.sh', [subject]);
    });
  }
});
