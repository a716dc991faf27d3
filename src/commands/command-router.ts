import type { IncomingMessage } from '../contract/incoming-message.js';
import type { Reply, ReplyAddress } from '../contract/reply.js';
import type { Log } from '../log.js';
import { AnswerMemory } from './answer-memory.js';
import { type CommandCounters, CommandCounts } from './command-counts.js';
import { CommandLane, type Outcome } from './command-lane.js';
import type { CommandPolicy } from './command-policy.js';
import { type CommandSpec, isSlow } from './command-spec.js';
import type { CommandHandlers } from './command-table.js';
import { resultOf } from './outcome-result.js';
import {
  type Asked,
  type Command,
  type CommandRules,
  MAX_AGE_MS,
  readCommand,
} from './read-command.js';
import type { Refusal } from './refusal.js';
import { type ReplyResult, responsePayload } from './reply.js';
import { RetainedCommands } from './retained-commands.js';

/** Commands that may wait for their turn, of the quick and of the slow ones each. */
const MAX_WAITING = 32;
/** Answers that are kept for repetitions, and how many may wait for the same one. */
const MEMORY = { maxAnswers: 256, maxAgeMs: MAX_AGE_MS, maxAskers: 8 };
const REPLY_EXPIRY_S = 60;

export interface CommandRouterOptions {
  /** First level or levels of every topic. */
  readonly base: string;
  /** Id of this node. */
  readonly node: string;
  /** Ids of all cameras. */
  readonly cameras: readonly string[];
  readonly policy: CommandPolicy;
  readonly handlers: CommandHandlers;
  /** Where only we may publish, besides the base: the prefix of discovery. */
  readonly reservedBranches: readonly string[];
  /** False while the machine does not know the time: then no command is too old. */
  readonly isClockRight: () => boolean;
  /** What the configuration gives for a setting, by its topic below the node; null: nothing. */
  readonly configuredOf: (topic: string) => string | null;
  /** Is told of each setting that was made, by its topic below the node. */
  readonly onSet: (topic: string, value: string) => void;
  /** Publishes an answer. Must neither throw nor wait. */
  readonly reply: (reply: Reply) => void;
  /** A clock that never jumps, in ms. */
  readonly monotonicMs: () => number;
}

/** A command on its way through, and since when, by the monotonic clock. */
interface Asking extends Asked {
  readonly sinceMs: number;
}

/**
 * Everything between a message and a handler. What is let in runs one at a time and in order, and
 * every request is answered. Slow commands have a queue of their own: a model that is being loaded
 * holds up nothing else. Disposal gives up what runs and waits, at most 1 s after.
 */
export class CommandRouter implements AsyncDisposable {
  readonly #options: CommandRouterOptions;
  readonly #rules: CommandRules;
  readonly #log: Log;
  readonly #quick: CommandLane;
  readonly #slow: CommandLane;
  readonly #answers = new AnswerMemory<ReplyAddress | null>(MEMORY);
  readonly #retained = new RetainedCommands();
  readonly #counts = new CommandCounts();

  constructor(options: CommandRouterOptions, log: Log) {
    const { handlers, monotonicMs } = options;
    this.#options = options;
    this.#rules = { ...options, isAvailable: (name) => handlers[name] !== undefined };
    this.#log = log;
    this.#quick = new CommandLane(MAX_WAITING, monotonicMs);
    this.#slow = new CommandLane(MAX_WAITING, monotonicMs);
  }

  get counters(): CommandCounters {
    return this.#counts.snapshot(this.#answers.forgotten);
  }

  /** Takes a message. Never throws, and runs no handler before it has returned. */
  receive(message: IncomingMessage): void {
    this.#counts.received += 1;
    const sinceMs = this.#options.monotonicMs();
    const reading = readCommand(message, this.#rules);
    if (reading.kind === 'command') {
      this.#take({ ...reading.asked, sinceMs }, reading.command);
    } else {
      const isKnown = message.retain && !this.#retained.isNew(message);
      const asked = isKnown ? null : reading.asked;
      this.#refuse(reading.refusal, asked && { ...asked, sinceMs });
    }
  }

  /**
   * Makes a setting at once, as a command with this topic below the node would.
   * @throws Error when no such command is let in, or it fails.
   */
  async set(topic: string, value: string, signal: AbortSignal): Promise<void> {
    const { base, node } = this.#options;
    const message: IncomingMessage = {
      topic: `${base}/${node}/${topic}`,
      payload: Buffer.from(value),
      retain: false,
      properties: null,
      receivedAtMs: Date.now(),
    };
    const reading = readCommand(message, this.#rules);
    if (reading.kind === 'refused') throw new Error(reading.refusal.message);
    await this.#handle(reading.command, topic, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#quick[Symbol.asyncDispose](), this.#slow[Symbol.asyncDispose]()]);
  }

  #take(asking: Asking, command: Command): void {
    const key = asking.id === null ? null : `${asking.verb}\n${asking.id}`;
    if (key !== null && this.#isRepetition(key, asking, command)) return;
    const { name, spec, args, lifetimeMs } = command;
    const lane = isSlow(spec) ? this.#slow : this.#quick;
    const busy = lane.refusalOf(name);
    if (busy !== null) {
      this.#refuse({ reason: 'busy', message: busy }, asking);
      return;
    }
    this.#counts.accepted += 1;
    if (key !== null) this.#answers.open(key, JSON.stringify(args), asking.address);
    if (isSlow(spec)) this.#answer(asking, { status: 'accepted' });
    lane.push({
      name,
      limitMs: spec.limitS * 1000,
      expiresAtMs: asking.sinceMs + lifetimeMs,
      run: (signal) => this.#handle(command, asking.verb, signal),
      settle: (outcome) => this.#end(outcome, key, asking, spec),
    });
  }

  /** Deals with a command whose id is known; false when it is a new one. */
  #isRepetition(key: string, asking: Asking, { args, spec }: Command): boolean {
    const known = this.#answers.find(key, asking.sinceMs);
    if (known === null) return false;
    if (known.fingerprint !== JSON.stringify(args)) {
      const message = `the id "${asking.id}" was used for something else a moment ago`;
      this.#refuse({ reason: 'malformed', message }, asking);
    } else if (known.answer !== null) {
      this.#counts.repeated += 1;
      this.#send(asking.address, known.answer);
    } else if (this.#answers.join(key, asking.address)) {
      this.#counts.repeated += 1;
      if (isSlow(spec)) this.#answer(asking, { status: 'accepted' });
    } else {
      this.#refuse({ reason: 'busy', message: 'too many ask for the same command' }, asking);
    }
    return true;
  }

  async #handle({ name, spec, args }: Command, verb: string, signal: AbortSignal) {
    const handler: ((args: never, signal: AbortSignal) => unknown) | undefined =
      this.#options.handlers[name];
    // The compiler cannot see that arguments which passed the schema of `name` fit its handler.
    const data: unknown = await handler?.(args as never, signal);
    // Also after the time limit: what was set is in force.
    if (spec.kind === 'setting')
      this.#options.onSet(verb, String((args as { value: unknown }).value));
    return data;
  }

  #end(outcome: Outcome, key: string | null, asking: Asking, { limitS }: CommandSpec): void {
    const result = resultOf(outcome, limitS);
    if (result.status === 'error') {
      this.#counts.failed += 1;
      this.#log.warn(`Command "${asking.verb}" failed: ${result.error.message}`);
    } else {
      this.#counts.done += 1;
    }
    const nowMs = this.#options.monotonicMs();
    const payload = responsePayload(asking, result, nowMs - asking.sinceMs);
    const askers = key === null ? [asking.address] : this.#answers.answer(key, payload, nowMs);
    for (const address of askers) this.#send(address, payload);
  }

  #refuse({ reason, message }: Refusal, asking: Asking | null): void {
    if (this.#counts.refuse(reason) === 1) {
      const what = `Command refused as ${reason}: ${message}`;
      this.#log.warn(`${what}; further ones that are ${reason} are only counted`);
    }
    if (asking !== null)
      this.#answer(asking, { status: 'error', error: { code: reason, message } });
  }

  #answer(asking: Asking, result: ReplyResult): void {
    const tookMs = this.#options.monotonicMs() - asking.sinceMs;
    this.#send(asking.address, responsePayload(asking, result, tookMs));
  }

  #send(address: ReplyAddress | null, payload: string): void {
    if (address !== null) this.#options.reply({ ...address, payload, expiryS: REPLY_EXPIRY_S });
  }
}
