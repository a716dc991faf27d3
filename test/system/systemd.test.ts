import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { PROJECT_ROOT } from '../helpers/reference-data.js';

const CANNOT_RUN_HERE = 77;

describe('lookout.service under a real systemd', { concurrency: false }, () => {
  for (const subject of ['fixture', 'lookout']) {
    it(`keeps its promises with the ${subject}`, { timeout: 600_000 }, async (t) => {
      const script = spawn('test/system/systemd-container.sh', [subject], {
        cwd: PROJECT_ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = new Promise((resolve) => script.once('exit', resolve));
      const output = await text(script.stdout);
      const status = await exited;
      if (status === CANNOT_RUN_HERE) {
        t.skip(output.trim());
        return;
      }
      for (const line of output.split('\n')) t.diagnostic(line);
      assert.equal(status, 0, output.match(/^FAIL .*$/gm)?.join('; '));
    });
  }
});
