import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import { ConfigError } from '../errors.js';
import type { Log } from '../log.js';
import { REWRITE_VERSION } from '../models/quantize/rewrite.js';
import { RewriteCache } from '../models/quantize/rewrite-cache.js';
import { mostThreads } from '../tuning/candidates.js';
import { ChoiceMemory } from '../tuning/choice-memory.js';
import { EngineTuner } from '../tuning/engine-tuner.js';
import { ModelPlanner } from '../tuning/model-planner.js';
import { runTrial } from '../tuning/run-trial.js';
import { type EngineReport, listEngines } from './engines.js';
import { boardName } from './host.js';
import { stateFolder } from './state-folder.js';

/** What of the configuration says how to detect. */
export type DetectorConfig = Pick<Config, 'engine' | 'threads' | 'state_dir'>;

/** Raised when what is measured, or how it is judged, changes: old choices are void then. */
const TUNING_VERSION = 2;
/** Detectors for small boards take 50–300 MB to load. */
const MAX_TRIAL_BYTES = 1.5 * 2 ** 30;

/** The engines that a configuration may be served by. */
interface UsableEngines {
  readonly litert: EngineReport | null;
  readonly tfjs: EngineReport | null;
  /** Why LiteRT is not among them although it is wanted; null where it is, or is not wanted. */
  readonly shortcoming: string | null;
}

/**
 * Looks for the engines that the configuration allows.
 * @throws ConfigError when there is none of them.
 */
export async function usableEngines({ engine }: Pick<Config, 'engine'>): Promise<UsableEngines> {
  const allowed = (await listEngines()).filter(({ name }) => engine === 'auto' || engine === name);
  const usable = allowed.filter((report) => report.usable);
  if (usable.length === 0) {
    const detail = allowed
      .map(({ name, reason }) => `${name} cannot be used: ${reason}`)
      .join('; ');
    throw new ConfigError([{ path: 'engine', detail: `${detail}; see "lookout engine list"` }]);
  }
  return {
    litert: usable.find(({ name }) => name === 'litert') ?? null,
    tfjs: usable.find(({ name }) => name === 'tfjs') ?? null,
    shortcoming: allowed.find(({ name }) => name === 'litert')?.reason ?? null,
  };
}

/**
 * What chooses how models are run on this machine, under this configuration.
 * @throws ConfigError when the engine that is asked for is not there.
 */
export async function startPlanner(
  config: DetectorConfig,
  env: Readonly<NodeJS.ProcessEnv>,
  log: Log,
): Promise<ModelPlanner> {
  const folder = stateFolder(config, env);
  const { litert, tfjs, shortcoming } = await usableEngines(config);
  const litertFile = litert?.file ?? null;
  const choices = {
    litert: litertFile !== null,
    tfjs: tfjs !== null,
    ...threadRange(config.threads),
  };
  const memoryBytes = Math.min(MAX_TRIAL_BYTES, totalmem() / 2);
  return new ModelPlanner({
    tuner: new EngineTuner({ choices, litertFile, memoryBytes, env, runTrial, log }),
    choices,
    litertFile,
    shortcoming,
    machine: `${processor()}; tuning ${TUNING_VERSION}; ${[litert, tfjs].map((engine) => engine?.runtime).join(', ')}; rewrite ${REWRITE_VERSION}`,
    memory: new ChoiceMemory(join(folder, 'engines.json'), log),
    rewritten: new RewriteCache(join(folder, 'rewritten'), log),
    log,
  });
}

function threadRange(threads: Config['threads']): { minThreads: number; maxThreads: number } {
  if (threads === 'auto') {
    return { minThreads: 1, maxThreads: mostThreads(availableParallelism()) };
  }
  return { minThreads: threads, maxThreads: threads };
}

/** Linux names ARM processors by their board or not at all. */
function processor(): string {
  const model = cpus()[0]?.model ?? '';
  return `${process.arch}, ${boardName()}, ${model}, ${availableParallelism()} cores`;
}
