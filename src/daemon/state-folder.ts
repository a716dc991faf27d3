import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/schema.js';

/**
 * Where Lookout keeps what it finds out: as configured, else systemd's StateDirectory=
 * (systemd.exec(5)), else the place for a user's state (XDG Base Directory Specification).
 */
export function stateFolder(
  { state_dir }: Pick<Config, 'state_dir'>,
  env: Readonly<NodeJS.ProcessEnv>,
): string {
  if (state_dir !== null) return state_dir;
  // One path for each StateDirectory= of the unit; ours has one.
  const ofService = env.STATE_DIRECTORY?.split(':')[0];
  if (ofService) return ofService;
  const home = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state');
  return join(home, 'lookout');
}
