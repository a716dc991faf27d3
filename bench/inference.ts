import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { percentile } from '../src/domain/statistics.js';
import { messageOf } from '../src/errors.js';
import { parseModelFile } from '../src/models/model-file.js';
import { engineForm } from '../src/models/quantize/engine-form.js';
import { autoSetup } from './auto-setup.js';
import type { BenchPlan } from './bench-plan.js';
import { type Contestant, type ContestField, contestantsOf } from './contestants.js';
import { LineProcess } from './line-process.js';
import { modelInput } from './model-input.js';
import { turnOrder } from './rounds.js';

/** Runs of a turn that are not counted: the caches still hold what ran before. */
const WARM_UP_RUNS = 2;
const MIN_RUNS = 3;
const MAX_RUNS = 1_000;

/** How one contestant did on one model. */
export interface ContestantTimes {
  readonly name: string;
  /** What it runs the model with, in words. */
  readonly engine: string;
  /** Median ms of an inference, one for each round; empty when it cannot run the model. */
  readonly roundsMs: readonly number[];
  /** The shortest of all: what the machine can do when nothing is in the way. */
  readonly minMs: number | null;
  readonly refusal: string | null;
}

/** One model on a number of threads. */
export interface InferenceContest {
  readonly model: string;
  readonly threads: number;
  readonly contestants: readonly ContestantTimes[];
}

/**
 * Bare inference of each model on each number of threads: all contestants are loaded, each in a
 * process of its own, and take short turns; those whose turn it is not are idle.
 */
export async function measureInference(plan: BenchPlan): Promise<InferenceContest[]> {
  const contests: InferenceContest[] = [];
  for (const modelFile of plan.models) {
    const model = basename(modelFile, '.tflite');
    for (const threads of plan.threads) {
      plan.say(`bare inference of ${model}, threads ${threads}`);
      const field = await prepareField(modelFile, threads, plan);
      if (field === null) continue;
      contests.push({ model, threads, contestants: await contest(contestantsOf(field), plan) });
    }
  }
  return contests;
}

/** Everything that the contestants need, in files; null for a model that cannot be run. */
async function prepareField(
  modelFile: string,
  threads: number,
  { libraryFile, python, folder, video, say }: BenchPlan,
): Promise<ContestField | null> {
  const inputFile = join(folder, 'input');
  const bytes = new Uint8Array(readFileSync(modelFile));
  try {
    const input = modelInput(parseModelFile(bytes), video);
    writeFileSync(inputFile, input);
    const rewritten = engineForm(bytes);
    const rewrittenFile = rewritten ? join(folder, 'rewritten.tflite') : null;
    if (rewritten && rewrittenFile) writeFileSync(rewrittenFile, rewritten);
    const auto = await autoSetup({ modelFile, bytes, input, threads, libraryFile });
    return { modelFile, rewrittenFile, inputFile, threads, auto, libraryFile, python };
  } catch (thrown) {
    say(`it is left out: ${messageOf(thrown)}`);
    return null;
  }
}

interface Entrant {
  readonly contestant: Contestant;
  readonly process: LineProcess;
  readonly roundsMs: number[];
  minMs: number | null;
  refusal: string | null;
}

async function contest(
  contestants: readonly Contestant[],
  { extent: { inferenceRounds, turnMs }, say }: BenchPlan,
): Promise<ContestantTimes[]> {
  const entrants: Entrant[] = [];
  try {
    // One after the other: starting is work that would be in the way of the others.
    for (const contestant of contestants) {
      const process = new LineProcess(contestant.command, contestant.args);
      const entrant: Entrant = { contestant, process, roundsMs: [], minMs: null, refusal: null };
      entrants.push(entrant);
      await admit(entrant);
      if (entrant.refusal) say(`${contestant.name} refuses: ${entrant.refusal}`);
    }
    const admitted = entrants.filter(({ refusal }) => refusal === null);
    for (let round = 0; round < inferenceRounds; round += 1) {
      for (const turn of turnOrder(admitted.length, round)) {
        const entrant = admitted[turn];
        if (entrant) await takeTurn(entrant, turnMs);
      }
    }
  } finally {
    for (const { process } of entrants) await process[Symbol.asyncDispose]();
  }
  return entrants.map(({ contestant: { name, engine }, roundsMs, minMs, refusal }) => ({
    name,
    engine,
    roundsMs,
    minMs,
    refusal,
  }));
}

async function admit(entrant: Entrant): Promise<void> {
  try {
    await entrant.process.answer();
  } catch (thrown) {
    entrant.refusal = messageOf(thrown);
  }
}

/** As many inferences as fill the turn. */
async function takeTurn(entrant: Entrant, turnMs: number): Promise<void> {
  const estimateMs = Math.min(...(await timed(entrant.process, WARM_UP_RUNS)));
  const runs = Math.min(MAX_RUNS, Math.max(MIN_RUNS, Math.round(turnMs / estimateMs)));
  const durationsMs = await timed(entrant.process, runs);
  entrant.roundsMs.push(percentile(durationsMs, 0.5));
  entrant.minMs = Math.min(entrant.minMs ?? Number.POSITIVE_INFINITY, ...durationsMs);
}

async function timed(process: LineProcess, runs: number): Promise<readonly number[]> {
  const { durationsMs } = (await process.ask(`${runs}`)) as { durationsMs: number[] };
  return durationsMs;
}
