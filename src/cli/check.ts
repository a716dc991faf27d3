import { configHash } from '../config/config-hash.js';
import { explain } from '../config/explain.js';
import type { LoadedConfig } from '../config/load-config.js';
import type { Config } from '../config/schema.js';
import { readBrokerSecrets } from '../config/secrets.js';
import { type Preview, preview } from '../daemon/preview.js';
import { keptSettings } from '../daemon/setting-memory.js';
import { stateFolder } from '../daemon/state-folder.js';
import { messageOf } from '../errors.js';
import type { CommandContext } from './command-context.js';

/** `lookout check`: validates like a compiler and shows what `run` would use and publish. */
export async function checkCommand(context: CommandContext): Promise<void> {
  const loaded = await context.loadConfig();
  const { CREDENTIALS_DIRECTORY } = context.env;
  const { warnings } = await readBrokerSecrets(loaded.config.mqtt, CREDENTIALS_DIRECTORY);
  for (const warning of warnings) context.stderr.write(`${warning}\n`);
  context.stdout.write(checkReport(loaded, await preview(loaded.config)));
  context.stdout.write(await settingsReport(loaded.config, context.env));
}

/** What commands have set, as comments; nothing where they have set nothing. */
async function settingsReport(config: Config, env: Readonly<NodeJS.ProcessEnv>): Promise<string> {
  try {
    const settings = await keptSettings(config, stateFolder(config, env));
    const lines = settings.map(
      ({ topic, value, instead }) =>
        `# ${topic}: ${value}, while the configuration gives ${instead}`,
    );
    return lines.length === 0 ? '' : ['', '# Set by commands', ...lines, ''].join('\n');
  } catch (error) {
    return `\n# Cannot tell what commands have set: ${messageOf(error)}\n`;
  }
}

/** The effective configuration and what follows from it, as YAML with comments. */
export function checkReport(loaded: LoadedConfig, seen: Preview): string {
  const lines = [
    `# ${loaded.file ?? 'no configuration file'}, configuration ${configHash(loaded)}`,
    explain(loaded),
    '',
    '# Topics',
    ...seen.topics.map((topic) => `# ${topic}`),
    seen.labels === null
      ? '# {label}: model.file is not set, and `lookout run` needs it'
      : `# {label}: ${seen.labels.join(', ')}`,
  ];
  if (seen.zones.length > 0) lines.push(`# {zone}: ${seen.zones.join(', ')}`);
  if (seen.discoveryTopics.length > 0) {
    lines.push(
      '',
      '# Told to Home Assistant',
      ...seen.discoveryTopics.map((topic) => `# ${topic}`),
    );
  }
  if (seen.unknownLabels.length > 0) {
    lines.push(`# The model does not know: ${seen.unknownLabels.join(', ')}`);
  }
  if (seen.shortcoming !== null) lines.push(`# LiteRT cannot be used: ${seen.shortcoming}`);
  return `${lines.join('\n')}\n`;
}
