import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MODULE = new URL('../../src/free-memory.js', import.meta.url).href;

describe('dropFilePages', () => {
  it('makes the process smaller and leaves all it needs to it', async () => {
    const program = `
      import { createHash } from 'node:crypto';
      import { Worker } from 'node:worker_threads';
      import { dropFilePages } from '${MODULE}';
      const work = () => createHash('sha256').update(JSON.stringify(process.versions)).digest('hex');
      const before = work();
      const beforeBytes = process.memoryUsage.rss();
      dropFilePages();
      const afterBytes = process.memoryUsage.rss();
      // A thread goes through all that a start needs, while pages are dropped under it.
      const worker = new Worker("require('node:http'); for (let i = 0; i < 1e7; i++);", { eval: true, execArgv: [] });
      const timer = setInterval(dropFilePages, 1);
      await new Promise((resolve) => worker.once('exit', resolve));
      clearInterval(timer);
      console.log(JSON.stringify({ same: work() === before, share: afterBytes / beforeBytes }));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
    const { same, share } = JSON.parse(stdout) as { same: boolean; share: number };
    assert.ok(same);
    assert.ok(share < 0.7, `${share} of the memory is left`);
  });
});
