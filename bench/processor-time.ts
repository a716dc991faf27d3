import { readFileSync } from 'node:fs';
import { allProcesses, parseStat, readIfThere, treeOf } from '../src/daemon/process-tree.js';

/** A process and all its descendants at one moment. */
export interface TreeSample {
  /** Processor time so far, that of ended descendants included. */
  readonly cpuMs: number;
  /** Resident memory of the whole tree, shared pages counted in each process. */
  readonly treeRssBytes: number;
  readonly mainRssBytes: number;
}

/** Looks at a process and its descendants; all zero when it has ended. */
export function sampleTree(rootPid: number): TreeSample {
  const tree = treeOf(rootPid, allProcesses());
  const rssBytes = new Map(tree.map(({ pid }) => [pid, residentBytes(pid)]));
  return {
    cpuMs: sum(tree.map(({ ownCpuMs, reapedCpuMs }) => ownCpuMs + reapedCpuMs)),
    treeRssBytes: sum([...rssBytes.values()]),
    mainRssBytes: rssBytes.get(rootPid) ?? 0,
  };
}

/** Processor time of all children of this process that have ended, and of what they waited for. */
export function endedChildrenCpuMs(): number {
  return parseStat(readFileSync('/proc/self/stat', 'utf8')).reapedCpuMs;
}

function residentBytes(pid: number): number {
  const status = readIfThere(`/proc/${pid}/status`) ?? '';
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
