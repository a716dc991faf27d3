import { readMqttSecrets } from '../config/secrets.js';
import { runDaemon } from '../daemon/daemon.js';
import type { CommandContext } from './command-context.js';

/** `lookout run`: the daemon. Returns when it was asked to stop or the source is through. */
export async function runCommand(context: CommandContext, signal: AbortSignal): Promise<void> {
  const loadConfig = () => context.loadConfig(['model.file']);
  const loaded = await loadConfig();
  const { config } = loaded;
  await runDaemon(
    {
      loaded,
      loadConfig,
      secrets: await readMqttSecrets(config.mqtt, context.env.CREDENTIALS_DIRECTORY),
      env: context.env,
      log: context.createLog(config),
      onReload: (listener) => context.onReload(listener),
    },
    signal,
  );
}
