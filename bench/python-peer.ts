import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../test/helpers/reference-data.js';

const PEER = join(PROJECT_ROOT, 'bench', 'peers', 'python');
const INSTALL_LIMIT_MS = 600_000;

/** A Python that has the peer's packages, or why there is none. */
export type PythonPeer =
  | { readonly kind: 'ready'; readonly program: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** One of the peer's programs. */
export function peerScript(name: 'inference.py' | 'job.py'): string {
  return join(PEER, name);
}

/** Installs the pinned packages into a virtual environment of their own, once for each pinning. */
export function preparePython(): PythonPeer {
  const requirements = join(PEER, 'requirements.txt');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(homedir(), '.cache', 'lookout-bench', `python-${hash}`);
  const program = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return { kind: 'ready', program };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const failure =
    failureOf('python3', ['-m', 'venv', folder]) ??
    failureOf(program, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
  if (failure !== null) return { kind: 'missing', reason: failure };
  writeFileSync(complete, '');
  return { kind: 'ready', program };
}

/** The last line that a failed command wrote; null when it succeeded. */
function failureOf(command: string, args: readonly string[]): string | null {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_LIMIT_MS });
  if (result.status === 0) return null;
  const said = result.error?.message ?? `${result.stdout}\n${result.stderr}`;
  const last = said.trim().split('\n').at(-1) ?? '';
  return `Cannot install the Python peer: "${command} ${args.join(' ')}" failed: ${last}`;
}
