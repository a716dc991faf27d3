import { Command as Commander, CommanderError, Option } from 'commander';
import type { ConfigKey } from '../config/config-key.js';
import { environmentName, type KeyEntry, keysOf } from '../config/key-paths.js';
import { nearest } from '../config/nearest.js';
import { quote } from '../config/quote.js';
import type { Schema } from '../config/schema.js';
import { UsageError } from '../errors.js';
import type { CommandSpec } from './command-context.js';

/** What the command line asks for. */
export type Request =
  /** A text to print: help or version. */
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'command'; readonly spec: CommandSpec } & CommandArguments);

/** A command's arguments, sorted by what they are for. */
export interface CommandArguments {
  readonly positionals: readonly string[];
  /** The command's own options, by long name without dashes. */
  readonly options: ReadonlyMap<string, string | true>;
  /** Texts of configuration keys, by dotted path. */
  readonly values: ReadonlyMap<string, string>;
  /** What `--config` names. */
  readonly configFile: string | undefined;
}

/** What the command line can ask for. */
export interface CommandLineSpec {
  readonly version: string;
  readonly commands: readonly CommandSpec[];
  readonly schema: Schema;
}

const NO_SUCH = /^error: unknown (option|command) '([^'=]*)/;

/**
 * Reads the arguments after the program's name.
 * @throws UsageError when they ask for nothing that there is.
 */
export function parseCommandLine(args: readonly string[], spec: CommandLineSpec): Request {
  let text = '';
  let request: Request | undefined;
  const collect = (part: string) => {
    text += part;
  };
  const program = new Commander('lookout')
    .description('Camera to MQTT: finds and follows objects and publishes them.')
    .version(spec.version, '--version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureHelp({ sortSubcommands: true, sortOptions: true })
    .configureOutput({ writeOut: collect, writeErr: collect, outputError: () => {} });
  for (const command of spec.commands) {
    addCommand(program, command, spec.schema, (found) => {
      request = found;
    });
  }
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) {
      throw new UsageError(usageText(error, text, program), { cause: error });
    }
  }
  return request ?? { kind: 'text', text };
}

function addCommand(
  program: Commander,
  spec: CommandSpec,
  schema: Schema,
  found: (request: Request) => void,
): void {
  const words = spec.name.split(' ');
  const group = words.length > 1 ? groupOf(program, words[0] ?? '') : program;
  const command = group.command(words.at(-1) ?? '').summary(spec.summary);
  command.description(`${spec.summary[0]?.toUpperCase()}${spec.summary.slice(1)}.`);
  command.helpOption('-h, --help', 'print this help');
  if (spec.positionals) command.arguments(spec.positionals);
  const own = spec.options.map(({ flags, doc }) => new Option(flags, doc));
  for (const option of own) command.addOption(option);
  if (spec.config === 'all') {
    command.option('--config <file>', 'configuration file (default: /etc/lookout/lookout.yaml)');
  }
  const keys = keysOf(schema).filter(
    ({ path }) => spec.config === 'all' || spec.config.includes(path.split('.')[0] ?? ''),
  );
  command.optionsGroup('Configuration:');
  for (const entry of keys) addKey(command, entry);
  command.action(() => {
    const given = command.opts<Record<string, unknown>>();
    found({
      kind: 'command',
      spec,
      positionals: command.args,
      options: new Map(
        own
          .map((option) => [option.name(), given[option.attributeName()]] as const)
          .filter((pair): pair is [string, string | true] => pair[1] !== undefined),
      ),
      values: new Map(
        keys
          .filter(({ path }) => given[path] !== undefined)
          .map(({ path }) => [path, String(given[path])]),
      ),
      configFile: given.config === undefined ? undefined : String(given.config),
    });
  });
}

function groupOf(program: Commander, name: string): Commander {
  const known = program.commands.find((command) => command.name() === name);
  return known ?? program.command(name).description(`Commands for ${name}.`);
}

function addKey(command: Commander, { path, key }: KeyEntry): void {
  const flag = `--${path}`;
  const isSwitch = typeof key.default === 'boolean';
  command.option(isSwitch ? `${flag} [true|false]` : `${flag} <value>`, describe(path, key));
  if (isSwitch) command.option(`--no-${path}`, `The same as ${flag}=false.`);
}

function describe(path: string, key: ConfigKey<unknown>): string {
  const { doc, format } = key;
  return `${doc} Takes ${format.expected}. Default: ${JSON.stringify(key.default)}. Environment: ${environmentName(path)}.`;
}

/** Our sentence for commander's error. An option's value is left out: it may be a secret. */
function usageText(error: CommanderError, help: string, program: Commander): string {
  if (error.code === 'commander.help') return help.trimEnd();
  const [, kind, name = ''] = NO_SUCH.exec(error.message) ?? [];
  if (kind === undefined) {
    const message = error.message.replace(/^error: /, '');
    return `${message[0]?.toUpperCase()}${message.slice(1)}`;
  }
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  const known =
    kind === 'command'
      ? commands.map((command) => command.name())
      : commands.flatMap((command) => command.options.map((option) => option.long ?? ''));
  // An option of another command than this one.
  if (known.includes(name)) return `There is no ${kind} ${quote(name)} of this command`;
  const meant =
    nearest(name, known) ?? known.find((flag) => flag.endsWith(`.${name.replace(/^--/, '')}`));
  return `There is no ${kind} ${quote(name)}${meant ? `: did you mean ${meant}?` : ''}`;
}
