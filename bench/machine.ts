import { cpus, loadavg, release, totalmem } from 'node:os';

/** Where and when figures were taken. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  /** UTC, RFC 3339. */
  readonly startedAt: string;
  /** Processes that wanted to run in the minute before; what is above 0 was in the way. */
  readonly loadBefore: number;
}

/** This machine, now. */
export function describeMachine(): Machine {
  const cores = cpus();
  return {
    processor: `${cores[0]?.model.trim() ?? 'unknown processor'} (${process.arch})`,
    cores: cores.length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.versions.node,
    startedAt: new Date().toISOString(),
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** One sentence that stands above figures. */
export function provenance(machine: Machine, command: string): string {
  const { processor, cores, kernel, node, startedAt, loadBefore } = machine;
  const load = `load ${loadBefore.toFixed(2)} before`;
  return `\`${command}\` on ${startedAt.slice(0, 10)}: ${processor}, ${cores} cores, Linux ${kernel}, Node ${node}, ${load}.`;
}
