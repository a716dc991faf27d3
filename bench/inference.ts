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
/**
 * After so many rounds all start anew: where a process lies in memory makes it a few percent faster
 * or slower for as long as it lives.
 */
const ROUNDS_OF_A_START = 3;

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

/** What is known of a contestant so far. */
interface Entrant {
  readonly contestant: Contestant;
  readonly roundsMs: number[];
  minMs: number | null;
  refusal: string | null;
}

interface Started {
  readonly entrant: Entrant;
  readonly process: LineProcess;
}

async function contest(
  contestants: readonly Contestant[],
  plan: BenchPlan,
): Promise<ContestantTimes[]> {
  const entrants = contestants.map(
    (contestant): Entrant => ({ contestant, roundsMs: [], minMs: null, refusal: null }),
  );
  const { inferenceRounds } = plan.extent;
  for (let round = 0; round < inferenceRounds; round += ROUNDS_OF_A_START) {
    const end = Math.min(round + ROUNDS_OF_A_START, inferenceRounds);
    await takeRounds(entrants, { round, end }, plan);
  }
  return entrants.map(({ contestant: { name, engine }, refusal, ...times }) => ({
    ...{ name, engine, refusal },
    ...(refusal === null ? times : { roundsMs: [], minMs: null }),
  }));
}

/** Starts all that have not refused, and ends them after some rounds. */
async function takeRounds(
  entrants: readonly Entrant[],
  { round, end }: { readonly round: number; readonly end: number },
  { extent: { turnMs }, say }: BenchPlan,
): Promise<void> {
  const started: Started[] = [];
  try {
    // One after the other: starting is work that would be in the way of the others.
    for (const entrant of entrants.filter(({ refusal }) => refusal === null)) {
      const { name, command, args } = entrant.contestant;
      const process = new LineProcess(command, args);
      started.push({ entrant, process });
      entrant.refusal = await refusalOf(process);
      if (entrant.refusal) say(`${name} refuses: ${entrant.refusal}`);
    }
    const admitted = started.filter(({ entrant }) => entrant.refusal === null);
    for (let i = round; i < end; i += 1) {
      for (const turn of turnOrder(admitted.length, i)) {
        const one = admitted[turn];
        if (one) await takeTurn(one, turnMs);
      }
    }
  } finally {
    for (const { process } of started) await process[Symbol.asyncDispose]();
  }
}

/** Null once it is ready. */
async function refusalOf(process: LineProcess): Promise<string | null> {
  try {
    await process.answer();
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** As many inferences as fill the turn. */
async function takeTurn({ entrant, process }: Started, turnMs: number): Promise<void> {
  const estimateMs = Math.min(...(await timed(process, WARM_UP_RUNS)));
  const runs = Math.min(MAX_RUNS, Math.max(MIN_RUNS, Math.round(turnMs / estimateMs)));
  const durationsMs = await timed(process, runs);
  entrant.roundsMs.push(percentile(durationsMs, 0.5));
  entrant.minMs = Math.min(entrant.minMs ?? Number.POSITIVE_INFINITY, ...durationsMs);
}

async function timed(process: LineProcess, runs: number): Promise<readonly number[]> {
  const { durationsMs } = (await process.ask(`${runs}`)) as { durationsMs: number[] };
  return durationsMs;
}
