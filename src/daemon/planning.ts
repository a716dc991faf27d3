import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import { litertLibrary } from '../engine-library/library-state.js';
import { LITERT_VERSION } from '../engine-library/pins.js';
import { ConfigError } from '../errors.js';
import type { Log } from '../log.js';
import { RewriteCache } from '../models/quantize/rewrite-cache.js';
import { mostThreads } from '../tuning/candidates.js';
import { ChoiceMemory } from '../tuning/choice-memory.js';
import { EngineTuner } from '../tuning/engine-tuner.js';
import { ModelPlanner } from '../tuning/model-planner.js';
import { runTrial } from '../tuning/run-trial.js';
import { boardName } from './host.js';
import { stateFolder } from './state-folder.js';

/** What of the configuration says how to detect. */
export type DetectorConfig = Pick<Config, 'engine' | 'threads' | 'state_dir'>;

/** Raised when what is measured, or how it is judged, changes: old choices are void then. */
const TUNING_VERSION = 1;
/** Detectors for small boards take 50–300 MB to load. */
const MAX_TRIAL_BYTES = 1.5 * 2 ** 30;

/** LiteRT's library, as far as this configuration wants it. */
interface WantedLibrary {
  /** The verified file; null where there is none or it is not wanted. */
  readonly file: string | null;
  /** Why it cannot be used although it is wanted; null where it can. */
  readonly shortcoming: string | null;
}

/**
 * Looks for the engine that the configuration asks for.
 * @throws ConfigError when it names one that is not there.
 */
export async function wantedLibrary({ engine }: Pick<Config, 'engine'>): Promise<WantedLibrary> {
  if (engine === 'tfjs') return { file: null, shortcoming: null };
  const library = await litertLibrary();
  if (library.state === 'verified') return { file: library.file, shortcoming: null };
  if (engine === 'litert') {
    throw new ConfigError([{ path: 'engine', detail: `litert cannot be used: ${library.detail}` }]);
  }
  return { file: null, shortcoming: library.detail };
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
  const { file: litertFile, shortcoming } = await wantedLibrary(config);
  const choices = {
    litert: litertFile !== null,
    tfjs: config.engine !== 'litert' && process.arch !== 'arm',
    ...threadRange(config.threads),
  };
  const memoryBytes = Math.min(MAX_TRIAL_BYTES, totalmem() / 2);
  return new ModelPlanner({
    tuner: new EngineTuner({ choices, litertFile, memoryBytes, runTrial, log }),
    choices,
    litertFile,
    shortcoming,
    machine: `${processor()}; tuning ${TUNING_VERSION}, LiteRT ${LITERT_VERSION}`,
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
