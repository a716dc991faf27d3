import type { ArgsOf, CommandSpec } from './command-spec.js';
import { REQUESTS } from './request-table.js';
import { SETTINGS } from './setting-table.js';

/** Every command by its name: a verb, or `set/` and the name of a setting. */
const COMMANDS = { ...REQUESTS, ...SETTINGS };

export type CommandName = keyof typeof COMMANDS;

/** Names of all commands: what a list in `commands` may hold. */
export const COMMAND_NAMES: readonly CommandName[] = Object.keys(COMMANDS).filter(isCommandName);

/**
 * Does what a command says. What it gives back is `data` of the answer, as JSON; for a setting it
 * publishes the value that is in force then. What it throws is the answer's `error`: with the
 * thrown error's own `code` where that is a word, else `failed`.
 * @param signal is aborted when the time limit has passed, and when Lookout stops.
 */
export type Handler<Args> = (args: Args, signal: AbortSignal) => unknown;

/** Handlers by command; a command without one is answered with `unknown-verb`. */
export type CommandHandlers = {
  readonly [N in CommandName]?: Handler<ArgsOf<(typeof COMMANDS)[N]>>;
};

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

export function specOf(name: CommandName): CommandSpec {
  return COMMANDS[name];
}

/** A command's topic below the node, with `{camera}`, `{label}` and `{zone}` where ids go. */
export function topicPatternOf(name: CommandName): string {
  const spec = specOf(name);
  if (spec.kind === 'request') return `request/${name}`;
  const part = spec.part === null ? '' : `/{${spec.part}}`;
  return `${spec.scope === 'camera' ? 'cam/{camera}/' : ''}${name}${part}`;
}
