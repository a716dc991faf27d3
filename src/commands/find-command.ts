import { quote } from '../config/quote.js';
import { type CommandPolicy, isAllowed } from './command-policy.js';
import { type CommandSpec, ID } from './command-spec.js';
import {
  COMMAND_NAMES,
  type CommandName,
  isCommandName,
  specOf,
  topicPatternOf,
} from './command-table.js';
import type { CommandTopic } from './command-topic.js';
import { problemOf } from './json-schema.js';
import type { Refusal, RefusalReason } from './refusal.js';

/** Which commands there are here. */
export interface CommandChoice {
  readonly policy: CommandPolicy;
  readonly isAvailable: (name: CommandName) => boolean;
  /** Ids of all cameras. */
  readonly cameras: readonly string[];
}

export type FoundCommand =
  | { readonly kind: 'found'; readonly name: CommandName; readonly spec: CommandSpec }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The command that a topic asks for, where there is such a one and it is allowed. */
export function findCommand(topic: CommandTopic, choice: CommandChoice): FoundCommand {
  const { name, camera, part } = topic;
  const { policy, isAvailable, cameras } = choice;
  if (!isCommandName(name) || !isAvailable(name)) {
    const available = COMMAND_NAMES.filter(isAvailable).join(', ') || 'none';
    return refused('unknown-verb', `there is no command ${quote(name)}, valid are ${available}`);
  }
  const spec = specOf(name);
  if (!isShapedLike(topic, spec)) {
    const message = `the topic of ${quote(name)} is ${topicPatternOf(name)}`;
    return refused('unknown-verb', message);
  }
  if (camera !== null && !cameras.includes(camera)) {
    const message = `there is no camera ${quote(camera)}, valid are ${cameras.join(', ') || 'none'}`;
    return refused('unknown-verb', message);
  }
  const problem = part === null ? null : problemOf(part, ID, 'topic');
  if (problem !== null) return refused('malformed', problem);
  if (!isAllowed(name, policy)) {
    return refused('not-allowed', `"${name}" is not among the commands that are allowed here`);
  }
  return { kind: 'found', name, spec };
}

function isShapedLike({ isSetting, camera, part }: CommandTopic, spec: CommandSpec): boolean {
  if (spec.kind === 'request') return !isSetting;
  return (
    isSetting &&
    (camera !== null) === (spec.scope === 'camera') &&
    (part !== null) === (spec.part !== null)
  );
}

function refused(reason: RefusalReason, message: string): FoundCommand {
  return { kind: 'refused', refusal: { reason, message } };
}
