import { readBrokerSecrets } from '../config/secrets.js';
import { runDaemon } from '../daemon/daemon.js';
import type { CommandContext } from './command-context.js';
import { commandLog } from './command-log.js';

/** `lookout run`: the daemon. Returns when it was asked to stop or the source is through. */
export async function runCommand(context: CommandContext, signal: AbortSignal): Promise<void> {
  const loadConfig = () => context.loadConfig(['model.file']);
  const loaded = await loadConfig();
  const { config } = loaded;
  const log = commandLog(context, config);
  const secrets = await readBrokerSecrets(config.mqtt, context.env.CREDENTIALS_DIRECTORY);
  for (const warning of secrets.warnings) log.warn(warning);
  await runDaemon(
    {
      version: context.version,
      loaded,
      loadConfig,
      secrets,
      env: context.env,
      log,
      onReload: (listener) => context.onReload(listener),
    },
    signal,
  );
}
