import { ConfigKey } from '../src/config/config-key.js';
import { environmentName } from '../src/config/key-paths.js';
import { configSchema } from '../src/config/schema.js';
import { yamlText } from '../src/config/yaml-text.js';

/** Defaults and ranges that depend on the machine are written for this one. */
const SCHEMA = configSchema({ hostName: 'raspberrypi', cores: 4 });

/** `config/lookout.example.yaml`: every key, commented out, with its default. */
export function exampleFile(): string {
  const parts = Object.entries(SCHEMA).map(([name, node]) => {
    if (node instanceof ConfigKey) return exampleKey(name, node, '');
    const keys = Object.entries(node).map(([child, key]) => exampleKey(child, key, '  '));
    return `${name}:\n${keys.join('\n')}`;
  });
  return `# Configuration of Lookout, usually /etc/lookout/lookout.yaml. Every key is shown with its
# default: take away the "#" before a key to set it, and keep its indentation. \`lookout check\`
# says whether all is well. Made from the schema by \`npm run docs:config\`.

${parts.join('\n\n')}
`;
}

function exampleKey(
  name: string,
  { doc, format, default: value }: ConfigKey<unknown>,
  indent: string,
) {
  return [
    `${indent}# ${doc}`,
    `${indent}# Takes ${format.expected}.`,
    `${indent}#${name}: ${yamlText(value)}`,
  ].join('\n');
}

/** `docs/configuration.md`: how configuration works and a table of all keys. */
export function configurationPage(): string {
  const rows = (entries: [string, ConfigKey<unknown>][]) =>
    [
      '| key | meaning | takes | default |',
      '|---|---|---|---|',
      ...entries.map(
        ([path, { doc, format, default: value }]) =>
          `| \`${path}\` | ${cell(doc)} | ${cell(format.expected)} | \`${yamlText(value)}\` |`,
      ),
    ].join('\n');
  const top: [string, ConfigKey<unknown>][] = [];
  const sections: string[] = [];
  for (const [name, node] of Object.entries(SCHEMA)) {
    if (node instanceof ConfigKey) top.push([name, node]);
    else {
      const keys = Object.entries(node).map(([child, key]): [string, ConfigKey<unknown>] => [
        `${name}.${child}`,
        key,
      ]);
      sections.push(`### \`${name}\`\n\n${rows(keys)}`);
    }
  }
  return `# Configuration

<!-- Made from the schema by \`npm run docs:config\`; changes go into src/config/schema.ts. -->

Every key can be given in three ways; a later one wins:

1. in the **file**, in YAML 1.2: the one that \`--config FILE\` names, else \`$LOOKOUT_CONFIG\`, else
   \`/etc/lookout/lookout.yaml\` if there is one;
2. in the **environment**: \`queue.capacity\` is \`${environmentName('queue.capacity')}\`;
3. as an **argument**: \`--camera.width 640\` or \`--camera.width=640\`; \`--camera.loop\` and
   \`--no-camera.loop\` for what is true or false.

What a command has set ([commands](commands.md)) stands above all three, until the command is
sent again with \`default\` or the configuration gives another value than when it was set. \`lookout
check\` lists it.

Lists have commas between their items in the environment and in arguments, \`zones\` has semicolons. \`null\`, or nothing at
all, stands for null there. Numbers are decimal.

\`lookout check\` validates everything, prints the effective values with the place each comes from,
and exits with 0, or with 78 after naming every problem. Unknown keys are problems, and so are
unknown variables that start with \`LOOKOUT_\`, except \`LOOKOUT_CONFIG\`, \`LOOKOUT_ENGINE_PULL\`
([engines](engines.md)) and \`LOOKOUT_TEST_…\`. The file may be 128 KiB long; it is one document
without tags and aliases.

## Secrets

The broker's password is read from the file \`mqtt.password_file\`, else from systemd's credential
\`mqtt-password\` (\`LoadCredential=\` or \`LoadCredentialEncrypted=\`). One line end after it is cut
off. A password inside \`mqtt.url\` works too, but is in the file for all to read; it is shown as
\`***\` wherever the configuration is shown.

## Keys

Defaults and ranges that depend on the machine are those of a Raspberry Pi with four cores that is
called \`raspberrypi\`.

${rows(top)}

${sections.join('\n\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
