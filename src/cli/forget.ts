import { readBrokerSecrets } from '../config/secrets.js';
import { forget } from '../daemon/forget.js';
import type { CommandContext } from './command-context.js';
import { commandLog } from './command-log.js';

/** `lookout forget`: leaves nothing of this node at the broker. */
export async function forgetCommand(context: CommandContext): Promise<void> {
  const { config } = await context.loadConfig();
  const { env, stdout, options } = context;
  const cleared = await forget({
    config,
    secrets: await readBrokerSecrets(config.mqtt, env.CREDENTIALS_DIRECTORY),
    env,
    force: options.has('force'),
    log: commandLog(context, config),
  });
  stdout.write(`${cleared} retained topics of ${config.mqtt.base}/${config.node} are cleared\n`);
}
