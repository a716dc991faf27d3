import { readFileSync } from 'node:fs';
import { availableParallelism, machine, platform, release } from 'node:os';

/** Where the kernel keeps the name of a board such as a Raspberry Pi. */
const BOARD_FILE = '/proc/device-tree/model';

/** The machine in words: board or architecture, cores, kernel, Node. */
export function describeHost(): string {
  const cores = `${availableParallelism()} cores`;
  return [boardName(), cores, `${platform()} ${release()}`, `Node ${process.version}`].join(', ');
}

/** Name of the board, or the architecture where it has none. */
export function boardName(): string {
  try {
    return readFileSync(BOARD_FILE, 'utf8').replace(/\0/g, '').trim();
  } catch {
    return machine();
  }
}
