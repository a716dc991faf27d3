import { quote } from '../config/quote.js';
import type { IncomingMessage, MessageProperties } from '../contract/incoming-message.js';
import type { ReplyAddress } from '../contract/reply.js';
import type { CommandSpec, SettingSpec } from './command-spec.js';
import type { CommandName } from './command-table.js';
import {
  type CommandPlace,
  type CommandTopic,
  defaultReplyTopic,
  isReplyTopic,
  parseCommandTopic,
} from './command-topic.js';
import { type Envelope, readRequest, readSetting } from './envelope.js';
import { type CommandChoice, findCommand } from './find-command.js';
import { problemOf } from './json-schema.js';
import type { Refusal } from './refusal.js';

/** How long a command may be on its way, and how long it may wait for its turn. */
export const MAX_AGE_MS = 60_000;
const MAX_CORRELATION_BYTES = 1024;
/** As the value of a setting: what the configuration gives. */
const DEFAULT = 'default';
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** What decides whether a command is let in. */
export interface CommandRules extends CommandPlace, CommandChoice {
  /** Where only we may publish, besides the own base: the prefix of discovery. */
  readonly reservedBranches: readonly string[];
  /** False while the machine does not know the time: then no command can be too old. */
  readonly isClockRight: () => boolean;
  /** What the configuration gives for a setting, by its topic below the node; null: nothing. */
  readonly configuredOf: (topic: string) => string | null;
}

/** Who asked for what. */
export interface Asked {
  readonly id: string | null;
  readonly verb: string;
  /** Null where nobody waits for an answer. */
  readonly address: ReplyAddress | null;
}

/** A command that has passed every check. */
export interface Command {
  readonly name: CommandName;
  readonly spec: CommandSpec;
  /** What its handler is given; the schema of the command holds for it. */
  readonly args: unknown;
  /** It may wait so long for its turn. */
  readonly lifetimeMs: number;
}

export type CommandReading =
  | { readonly kind: 'command'; readonly asked: Asked; readonly command: Command }
  | { readonly kind: 'refused'; readonly asked: Asked | null; readonly refusal: Refusal };

/** Takes a message for the command that it is, or says why not. Never throws. */
export function readCommand(message: IncomingMessage, rules: CommandRules): CommandReading {
  const topic = parseCommandTopic(message.topic, rules);
  if (topic === null) {
    const text = `no command can come in on the topic ${quote(message.topic)}`;
    return { kind: 'refused', asked: null, refusal: { reason: 'malformed', message: text } };
  }
  const reading = topic.isSetting ? readSetting(message.payload) : readRequest(message.payload);
  const id = reading.kind === 'read' ? reading.envelope.id : null;
  const address = addressOf(topic, message.properties, id, rules);
  const asked: Asked = { id, verb: topic.verb, address };
  const refused = (refusal: Refusal): CommandReading => ({ kind: 'refused', asked, refusal });

  const early = retainedRefusal(message) ?? propertiesRefusal(message.properties, rules);
  if (early !== null) return refused(early);
  if (reading.kind === 'refused') return refused(reading);
  const { envelope } = reading;
  const aged = ageRefusal(envelope, message, rules);
  if (aged !== null) return refused(aged);
  const found = findCommand(topic, rules);
  if (found.kind === 'refused') return refused(found.refusal);
  const { name, spec } = found;
  const meant = spec.kind === 'setting' ? withConfigured(envelope, topic, rules) : envelope;
  const args = argsOf(meant, spec);
  const problem = argsProblem(args, spec, meant.isBare);
  if (problem !== null) return refused({ reason: 'malformed', message: problem });

  const expiryS = message.properties?.messageExpiryInterval ?? Infinity;
  const lifetimeMs = Math.min(MAX_AGE_MS, expiryS * 1000);
  const placed = spec.kind === 'setting' ? placedValue(args, topic, spec) : args;
  return { kind: 'command', asked, command: { name, spec, args: placed, lifetimeMs } };
}

function retainedRefusal({ retain }: IncomingMessage): Refusal | null {
  if (!retain) return null;
  const message =
    'a retained command would come again with every connection: send it without retain';
  return { reason: 'retained', message };
}

function propertiesRefusal(
  properties: MessageProperties | null,
  { base, reservedBranches }: CommandRules,
): Refusal | null {
  const { responseTopic, correlationData } = properties ?? {};
  if (responseTopic !== undefined && !isReplyTopic(responseTopic, base, reservedBranches)) {
    const message = `response topic: found ${quote(responseTopic)}, expected a topic name of at most 512 bytes outside of our own topics`;
    return { reason: 'malformed', message };
  }
  const bytes = correlationData?.length ?? 0;
  if (bytes <= MAX_CORRELATION_BYTES) return null;
  const message = `correlation data: found ${bytes} bytes, expected at most ${MAX_CORRELATION_BYTES}`;
  return { reason: 'too-large', message };
}

function ageRefusal(
  { issuedAtMs }: Envelope,
  { receivedAtMs }: IncomingMessage,
  { isClockRight }: CommandRules,
): Refusal | null {
  if (issuedAtMs === null || !isClockRight()) return null;
  const ageMs = receivedAtMs - issuedAtMs;
  if (Math.abs(ageMs) <= MAX_AGE_MS) return null;
  const seconds = Math.round(Math.abs(ageMs) / 1000);
  const found = ageMs > 0 ? `${seconds} s ago` : `in ${seconds} s`;
  const message = `issued_at: found a time ${found}, expected at most ${MAX_AGE_MS / 1000} s from now`;
  return { reason: 'old', message };
}

/** A request is always answered, a setting where somebody shows that he waits for it. */
function addressOf(
  topic: CommandTopic,
  properties: MessageProperties | null,
  id: string | null,
  rules: CommandRules,
): ReplyAddress | null {
  const { responseTopic, correlationData } = properties ?? {};
  // A copy: what came from the network may be a view of a larger buffer, or be used again.
  const fits = correlationData !== undefined && correlationData.length <= MAX_CORRELATION_BYTES;
  const echoed = fits ? new Uint8Array(correlationData) : null;
  if (
    responseTopic !== undefined &&
    isReplyTopic(responseTopic, rules.base, rules.reservedBranches)
  ) {
    return { topic: responseTopic, correlationData: echoed };
  }
  if (topic.isSetting && id === null && responseTopic === undefined) return null;
  const byDefault = defaultReplyTopic(topic.verb, rules);
  return byDefault === null ? null : { topic: byDefault, correlationData: echoed };
}

/** A setting that is to be as configured gets that value. */
function withConfigured(
  envelope: Envelope,
  { verb }: CommandTopic,
  { configuredOf }: CommandRules,
): Envelope {
  const configured = envelope.args === DEFAULT ? configuredOf(verb) : null;
  return configured === null ? envelope : { ...envelope, args: configured, isBare: true };
}

function argsOf({ args, isBare }: Envelope, spec: CommandSpec): unknown {
  if (spec.kind === 'request') return args === undefined ? {} : args;
  const isNumber = typeof args === 'string' && NUMBER.test(args);
  return isBare && isNumber && expectsNumber(spec) ? Number(args) : args;
}

function argsProblem(args: unknown, spec: CommandSpec, isBare: boolean): string | null {
  if (spec.kind === 'request') return problemOf(args, spec.args, 'args');
  return problemOf(args, spec.value, isBare ? 'payload' : 'args');
}

function expectsNumber({ value }: SettingSpec): boolean {
  return value !== true && 'type' in value && value.type === 'number';
}

function placedValue(value: unknown, { camera, part }: CommandTopic, spec: SettingSpec): unknown {
  return {
    value,
    ...(camera !== null && { camera }),
    ...(spec.part !== null && { [spec.part]: part }),
  };
}
