import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { endedChildrenCpuMs, sampleTree } from '../../bench/processor-time.js';

/** Computes for 300 ms, lets a child do the same, says so, and ends when its stdin does. */
const PROGRAM = `
  const { spawnSync } = require('node:child_process');
  const work = 'const end = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < end);';
  spawnSync(process.execPath, ['-e', work]);
  eval(work);
  console.log('done');
  process.stdin.resume();
`;

describe('processor time of a process tree', () => {
  it('holds what a process and its ended child have used, before its end and after', async () => {
    const endedBeforeMs = endedChildrenCpuMs();
    const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(createInterface({ input: child.stdout }), 'line');
    const living = sampleTree(child.pid ?? 0);
    assert.equal(endedChildrenCpuMs(), endedBeforeMs);
    child.stdin.end();
    await once(child, 'exit');
    const endedMs = endedChildrenCpuMs() - endedBeforeMs;

    assert.ok(living.cpuMs >= 590, `${living.cpuMs} ms were seen`);
    assert.ok(endedMs >= living.cpuMs - 10, `${endedMs} ms in the end, ${living.cpuMs} before`);
    assert.ok(living.mainRssBytes > 10e6);
    assert.ok(living.treeRssBytes >= living.mainRssBytes);
  });

  it('is nothing when the process has ended', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    assert.deepEqual(sampleTree(child.pid ?? 0), { cpuMs: 0, treeRssBytes: 0, mainRssBytes: 0 });
  });
});
