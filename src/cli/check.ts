import { configHash } from '../config/config-hash.js';
import { explain } from '../config/explain.js';
import type { LoadedConfig } from '../config/load-config.js';
import { readMqttPassword } from '../config/secrets.js';
import type { CommandContext } from './command-context.js';

/** `lookout check`: validates like a compiler and shows what `run` would use. */
export async function checkCommand(context: CommandContext): Promise<void> {
  const loaded = await context.loadConfig();
  await readMqttPassword(loaded.config.mqtt, context.env.CREDENTIALS_DIRECTORY);
  context.stdout.write(checkReport(loaded, []));
}

/**
 * The effective configuration and what follows from it.
 * @param topics every topic that would be published to.
 */
export function checkReport(loaded: LoadedConfig, topics: readonly string[]): string {
  const parts = [
    `# ${loaded.file ?? 'no configuration file'}, configuration ${configHash(loaded)}`,
    explain(loaded),
  ];
  if (topics.length > 0) parts.push('', '# Topics', ...topics.map((topic) => `# ${topic}`));
  if (loaded.config.model.file === null) {
    parts.push('', '# model.file is not set: `lookout run` needs it');
  }
  return `${parts.join('\n')}\n`;
}
