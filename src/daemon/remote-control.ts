import type { CommandPolicy } from '../commands/command-policy.js';
import { CommandRouter } from '../commands/command-router.js';
import { COMMAND_NAMES, type CommandHandlers, isCommandName } from '../commands/command-table.js';
import type { Config } from '../config/schema.js';
import type { Reply } from '../contract/reply.js';
import { ConfigError } from '../errors.js';
import type { Log } from '../log.js';
import type { SettingMemory } from './setting-memory.js';

type CommandConfig = Pick<Config, 'node' | 'camera' | 'mqtt' | 'commands' | 'discovery'>;

/** Topic filters by which commands come in; none where none are obeyed. */
export function commandFilters({ node, camera, mqtt, commands }: CommandConfig): readonly string[] {
  if (commands === 'off') return [];
  const root = `${mqtt.base}/${node}`;
  return [`${root}/request/#`, `${root}/set/#`, `${root}/cam/${camera.id}/set/#`];
}

/**
 * Which commands the configuration lets in.
 * @throws ConfigError for a name that is none of a command.
 */
export function commandPolicy({ commands }: Pick<Config, 'commands'>): CommandPolicy {
  if (!Array.isArray(commands)) return commands as Exclude<CommandPolicy, readonly string[]>;
  const names = commands.filter(isCommandName);
  const unknown = commands.filter((name) => !isCommandName(name));
  if (unknown.length === 0) return names;
  const detail = `no command is called "${unknown.join('", "')}", there are ${COMMAND_NAMES.join(', ')}`;
  throw new ConfigError([{ path: 'commands', detail }]);
}

/** What commands are judged by. */
export interface CommandRulebook extends CommandConfig {
  readonly policy: CommandPolicy;
  /** False while the machine does not know the time. */
  readonly isClockRight: () => boolean;
  /** Where it is kept what is set. */
  readonly memory: Pick<SettingMemory, 'configuredOf' | 'keep'>;
}

/** Takes commands and has them carried out. */
export function startRemoteControl(
  { node, camera, mqtt, discovery, policy, isClockRight, memory }: CommandRulebook,
  handlers: CommandHandlers,
  reply: (reply: Reply) => void,
  log: Log,
): CommandRouter {
  const options = {
    base: mqtt.base,
    node,
    cameras: [camera.id],
    policy,
    handlers,
    reservedBranches: ['homeassistant', discovery.prefix],
    isClockRight,
    configuredOf: (topic: string) => memory.configuredOf(topic),
    onSet: (topic: string, value: string) => memory.keep(topic, value),
    reply,
    monotonicMs: () => performance.now(),
  };
  return new CommandRouter(options, log);
}
