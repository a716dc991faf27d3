import { readdirSync, readFileSync } from 'node:fs';

/** The kernel's interface counts processor time in hundredths of a second. */
const MS_PER_TICK = 10;

/** What /proc tells of a process. */
export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  /** Processor time of all its threads. */
  readonly ownCpuMs: number;
  /** Processor time of its children that have ended and were waited for, and of theirs. */
  readonly reapedCpuMs: number;
}

/** A process and all its descendants at one moment. */
export interface TreeSample {
  /** Processor time so far, that of ended descendants included. */
  readonly cpuMs: number;
  /** Resident memory of the whole tree, shared pages counted in each process. */
  readonly treeRssBytes: number;
  readonly mainRssBytes: number;
}

/** Reads a line of /proc/PID/stat, see proc(5). */
export function parseStat(line: string): ProcessStat {
  // The name stands in parentheses and may hold spaces and parentheses itself.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = (index: number): number => Number(fields[index]) * MS_PER_TICK;
  return {
    pid: Number.parseInt(line, 10),
    parentPid: Number(fields[1]),
    ownCpuMs: ticks(11) + ticks(12),
    reapedCpuMs: ticks(13) + ticks(14),
  };
}

/** Those of the processes that descend from `rootPid`, itself included. */
export function treeOf(rootPid: number, processes: readonly ProcessStat[]): ProcessStat[] {
  const root = processes.filter(({ pid }) => pid === rootPid);
  const children = processes.filter(({ parentPid }) => parentPid === rootPid);
  return [...root, ...children.flatMap(({ pid }) => treeOf(pid, processes))];
}

/** Looks at a process and its descendants; all zero when it has ended. */
export function sampleTree(rootPid: number): TreeSample {
  const tree = treeOf(rootPid, livingProcesses());
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

function livingProcesses(): ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const line = readIfThere(`/proc/${pid}/stat`);
    return line === null ? [] : [parseStat(line)];
  });
}

function residentBytes(pid: number): number {
  const status = readIfThere(`/proc/${pid}/status`) ?? '';
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Null when the process has ended meanwhile. */
function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
