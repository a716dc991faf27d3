import type { OutputLayout } from '../domain/detector-model.js';
import {
  type EngineSetup,
  engineChoice,
  type MeasuredSetup,
  type RefusedSetup,
  setupText,
} from '../domain/engine.js';
import { ModelError } from '../errors.js';
import type { Log } from '../log.js';
import { disagreement } from './agreement.js';
import { type Choices, cheapest, firstSetups, rivals, withMoreThreads } from './candidates.js';
import type { TrialOptions } from './run-trial.js';
import type { TrialAnswer, TrialOutputs, TrialRequest } from './trial-protocol.js';

/** How long each setup is timed. */
const BUDGET_MS = 300;
/** A trial of a large model on a slow board takes 10 s. */
const TRIAL_TIMEOUT_MS = 60_000;

/** A model that is to be run. */
export interface TuningSubject {
  /** For people. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same rewritten, where that was done before; null otherwise. */
  readonly rewritten: Uint8Array<ArrayBuffer> | null;
  /** How its outputs are read; null where they are not understood. */
  readonly layout: OutputLayout | null;
  /** Contents of its input tensor for some pictures; at least one. */
  readonly inputs: readonly Uint8Array[];
}

/** What came out. */
export interface Tuning {
  readonly chosen: MeasuredSetup;
  readonly measured: readonly MeasuredSetup[];
  readonly refused: readonly RefusedSetup[];
  /** The model rewritten; null where that is not what was chosen. */
  readonly rewritten: Uint8Array<ArrayBuffer> | null;
}

export interface EngineTunerOptions {
  readonly choices: Choices;
  /** LiteRT's verified library; null where there is none. */
  readonly litertFile: string | null;
  /** What a trial may take beside the memory of an empty process. */
  readonly memoryBytes: number;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly runTrial: (
    request: TrialRequest,
    options: TrialOptions,
    signal: AbortSignal,
  ) => Promise<TrialAnswer>;
  readonly log: Log;
}

/**
 * Finds the cheapest correct way of running a model on this machine, by running it: every setup in
 * a process of its own, one after the other, and those that come out close a second time.
 */
export class EngineTuner {
  readonly #options: EngineTunerOptions;

  constructor(options: EngineTunerOptions) {
    this.#options = options;
  }

  /** @throws ModelError when no setup can run the model. */
  async tune(subject: TuningSubject, signal: AbortSignal): Promise<Tuning> {
    const { choices, log } = this.#options;
    const round = new TuningRound(this.#options, subject);
    for (const setup of firstSetups(choices)) await round.try(setup, signal);
    for (let threads = choices.minThreads + 1; threads <= choices.maxThreads; threads++) {
      const best = cheapest(round.measured);
      if (!best) break;
      const fewer = round.measured.filter((setup) => setup.threads === choices.minThreads);
      for (const setup of withMoreThreads(fewer, best, threads)) await round.try(setup, signal);
    }
    for (const setup of rivals(round.measured)) await round.tryAgain(setup, signal);
    const chosen = cheapest(round.measured);
    if (!chosen) {
      const reason = round.refused[0]?.reason ?? 'there is no engine';
      throw new ModelError(`Cannot load model "${subject.name}": ${reason}`, {
        code: 'unsupported',
      });
    }
    for (const { reason, ...setup } of round.refused) {
      log.debug('Cannot run the model that way', { setup: setupText(setup), reason });
    }
    const rewritten = chosen.form === 'rewritten' ? round.rewritten : null;
    return { chosen, measured: round.measured, refused: round.refused, rewritten };
  }
}

/** One model's trials. */
class TuningRound {
  measured: readonly MeasuredSetup[] = [];
  readonly refused: RefusedSetup[] = [];
  rewritten: Uint8Array<ArrayBuffer> | null;
  readonly #options: EngineTunerOptions;
  readonly #subject: TuningSubject;
  /** What the first setup that worked answered: the others are held against it. */
  #reference: readonly TrialOutputs[] | null = null;

  constructor(options: EngineTunerOptions, subject: TuningSubject) {
    this.#options = options;
    this.#subject = subject;
    this.rewritten = subject.rewritten;
  }

  async try(setup: EngineSetup, signal: AbortSignal): Promise<void> {
    // Nothing vouches for a rewritten model when no engine runs the original.
    if (setup.form === 'rewritten' && !this.#reference) return;
    const measured = await this.#measure(setup, signal);
    if (measured) this.measured = [...this.measured, measured];
  }

  /**
   * Times a setup once more; what is less counts, as other work only makes times longer. One that
   * fails now is not to be relied on.
   */
  async tryAgain(measured: MeasuredSetup, signal: AbortSignal): Promise<void> {
    const { inferenceMs, cpuMs, ...setup } = measured;
    const again = await this.#measure(setup, signal);
    const lesser = again && {
      ...setup,
      inferenceMs: Math.min(inferenceMs, again.inferenceMs),
      cpuMs: Math.min(cpuMs, again.cpuMs),
    };
    this.measured = this.measured.flatMap((known) => (known === measured ? (lesser ?? []) : known));
  }

  async #measure(setup: EngineSetup, signal: AbortSignal): Promise<MeasuredSetup | null> {
    const answer = await this.#run(setup, signal);
    // There is nothing in the model to rewrite: nothing failed.
    if (answer.kind === 'nothing-to-rewrite') return null;
    const reason =
      answer.kind === 'refused'
        ? answer.reason
        : disagreement(this.#reference ?? answer.outputs, answer.outputs, this.#subject.layout);
    if (answer.kind === 'refused' || reason !== null) {
      this.refused.push({ ...setup, reason: reason ?? '' });
      return null;
    }
    this.#reference ??= answer.outputs;
    this.rewritten ??= answer.rewritten;
    const { inferenceMs, cpuMs } = answer;
    return { ...setup, inferenceMs, cpuMs };
  }

  #run(setup: EngineSetup, signal: AbortSignal): Promise<TrialAnswer> {
    const { litertFile, memoryBytes, env, runTrial } = this.#options;
    const { bytes, inputs } = this.#subject;
    const known = setup.form === 'rewritten' ? this.rewritten : bytes;
    const request = {
      engine: engineChoice(setup, litertFile),
      modelBytes: known ?? bytes,
      rewrite: known === null,
      inputs,
      budgetMs: BUDGET_MS,
      memoryBytes,
    };
    return runTrial(request, { env, timeoutMs: TRIAL_TIMEOUT_MS }, signal);
  }
}
