import { allProcesses, treeOf } from './process-tree.js';

/** Processor time in ms. */
export interface CpuTime {
  /** Of all threads of this process. */
  readonly ownMs: number;
  /** Of all processes that it has started, and that they have, to 10 ms each. */
  readonly childrenMs: number;
}

/** What has been used so far, by children that live and by those that have ended. */
export function cpuTime(): CpuTime {
  const { user, system } = process.cpuUsage();
  const [self, ...children] = treeOf(process.pid, allProcesses());
  const childrenMs = children.reduce(
    (sum, { ownCpuMs, reapedCpuMs }) => sum + ownCpuMs + reapedCpuMs,
    self?.reapedCpuMs ?? 0,
  );
  return { ownMs: (user + system) / 1000, childrenMs };
}
