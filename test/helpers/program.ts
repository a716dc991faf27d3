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
