import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from './reference-data.js';

/** The program as users run it: `node main.js`. */
export const MAIN = join(PROJECT_ROOT, 'dist', 'src', 'main.js');

/**
 * Where the programs of all tests keep what they find out: not in the home of whoever runs the
 * tests, and measured once for all of them.
 */
const STATE_FOLDER = join(PROJECT_ROOT, 'dist', 'test-state');

/** An environment for the program. */
export function programEnv(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { LOOKOUT_STATE_DIR: STATE_FOLDER, ...env };
}

/**
 * A folder for the state of one daemon: what it keeps for its broker is its own, what was measured
 * of models and engines is shared with all others.
 */
export class DaemonState {
  readonly folder = mkdtempSync(join(tmpdir(), 'lookout-state-'));

  constructor() {
    mkdirSync(join(STATE_FOLDER, 'rewritten'), { recursive: true });
    symlinkSync(join(STATE_FOLDER, 'rewritten'), join(this.folder, 'rewritten'));
    copyIfThere(STATE_FOLDER, this.folder);
  }

  /** Shares what was measured, and removes the folder. */
  end(): void {
    copyIfThere(this.folder, STATE_FOLDER);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function copyIfThere(from: string, to: string): void {
  const file = join(from, 'engines.json');
  if (existsSync(file)) copyFileSync(file, join(to, 'engines.json'));
}
