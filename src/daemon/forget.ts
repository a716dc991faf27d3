import type { Config } from '../config/schema.js';
import type { BrokerSecrets } from '../config/secrets.js';
import type { Log } from '../log.js';
import { forgetAtBroker } from './mqtt-wiring.js';
import { stateFolder } from './state-folder.js';

export interface ForgetRequest {
  readonly config: Config;
  readonly secrets: BrokerSecrets;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Whether to go on although the node says that it is online. */
  readonly force: boolean;
  readonly log: Log;
}

/**
 * Clears everything that this node, or an earlier one of this machine, has left retained.
 * @returns how many topics that were.
 * @throws Error when the broker cannot be reached or refuses, or the node is online.
 */
export async function forget({ config, secrets, env, force, log }: ForgetRequest): Promise<number> {
  return await forgetAtBroker(config, secrets, { stateDir: stateFolder(config, env), force }, log);
}
