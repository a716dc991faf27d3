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

/** Those of the processes that descend from `rootPid`, itself included and first. */
export function treeOf(rootPid: number, processes: readonly ProcessStat[]): ProcessStat[] {
  const root = processes.filter(({ pid }) => pid === rootPid);
  const children = processes.filter(({ parentPid }) => parentPid === rootPid);
  return [...root, ...children.flatMap(({ pid }) => treeOf(pid, processes))];
}

/** All processes of the machine. */
export function allProcesses(): ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const line = readIfThere(`/proc/${pid}/stat`);
    return line === null ? [] : [parseStat(line)];
  });
}

/** The text of a file of /proc; null when the process has ended. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
