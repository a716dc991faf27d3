import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ProcessStat, parseStat, treeOf } from '../../src/daemon/process-tree.js';

describe('parseStat', () => {
  it('finds its fields behind a name with spaces and parentheses', () => {
    const line =
      '4711 (a) (b c) S 42 4711 4711 0 -1 4194560 100 200 0 0 11 22 33 44 20 0 1 0 99 1000 10';
    assert.deepEqual(parseStat(line), {
      pid: 4711,
      parentPid: 42,
      ownCpuMs: 330,
      reapedCpuMs: 770,
    });
  });
});

describe('treeOf', () => {
  const stat = (pid: number, parentPid: number): ProcessStat => ({
    pid,
    parentPid,
    ownCpuMs: 0,
    reapedCpuMs: 0,
  });
  const processes = [stat(1, 0), stat(5, 1), stat(6, 5), stat(7, 6), stat(8, 1), stat(9, 5)];

  it('takes a process and all that descend from it', () => {
    const pids = treeOf(5, processes).map(({ pid }) => pid);
    assert.deepEqual(pids.sort(), [5, 6, 7, 9]);
  });

  it('is empty when the process is not there', () => {
    assert.deepEqual(treeOf(77, processes), []);
  });
});
