import { existsSync } from 'node:fs';
import { ConfigError, type ConfigProblem } from '../errors.js';
import { ConfigStore } from './config-store.js';
import { valueAt } from './key-paths.js';
import { brokenRules } from './rules.js';
import { type Config, configSchema, type KeyPath, type Machine, type Schema } from './schema.js';
import type { Origin } from './setting.js';
import { argumentSettings, environmentSettings, fileSettings, type Settings } from './settings.js';

const DEFAULT_FILE = '/etc/lookout/lookout.yaml';
/** More than anybody reads; a wrong file, such as a picture, could give thousands. */
const MAX_PROBLEMS = 50;

/** Where the configuration comes from; a later one wins: file, environment, arguments. */
export interface ConfigSources {
  /** `auto` is $LOOKOUT_CONFIG, else the file in /etc if there is one; null is no file. */
  readonly file: string | 'auto' | null;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Arguments: texts by the dotted paths of their keys. */
  readonly values: ReadonlyMap<string, string>;
  readonly machine: Machine;
  /** Keys that must not be null. */
  readonly required: readonly KeyPath[];
}

/** The effective configuration and how it came about. */
export interface LoadedConfig {
  /** Deep-frozen. */
  readonly config: Config;
  /** The keys, with the ranges and defaults of this machine. */
  readonly schema: Schema;
  /** Where the value of each key comes from, by dotted path. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** The file that was read, null when there is none. */
  readonly file: string | null;
}

/**
 * Reads and validates the whole configuration.
 * @throws ConfigError with every problem of every source, each with its place.
 */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const schema = configSchema(sources.machine);
  const file = fileToRead(sources);
  const fromFile = file === null ? none : await settingsOfFile(file, schema);
  const fromEnvironment = environmentSettings(sources.env, schema);
  const problems = [...fromFile.problems, ...fromEnvironment.problems];

  const store = new ConfigStore(schema);
  const faulty = new Set<string>();
  for (const setting of [
    ...fromFile.settings,
    ...fromEnvironment.settings,
    ...argumentSettings(sources.values, schema),
  ]) {
    const problem = store.offer(setting);
    if (problem === undefined) continue;
    problems.push(problem);
    faulty.add(setting.path);
  }
  // The store has let in only what the schema's own types accept.
  const config = deepFreeze(store.values()) as Config;
  problems.push(...brokenRules(config, faulty));
  for (const path of sources.required) {
    if (valueAt(config, path) === null && !faulty.has(path)) {
      problems.push({ path, detail: 'is missing: this command needs it' });
    }
  }
  if (problems.length > 0) throw new ConfigError(limited(problems));
  return { config, schema, origins: store.origins, file };
}

const none: Settings = { settings: [], problems: [] };

function fileToRead({ file, env }: ConfigSources): string | null {
  if (file !== 'auto') return file;
  if (env.LOOKOUT_CONFIG) return env.LOOKOUT_CONFIG;
  return existsSync(DEFAULT_FILE) ? DEFAULT_FILE : null;
}

async function settingsOfFile(file: string, schema: Schema): Promise<Settings> {
  // The library behind it takes megabytes, which a configuration of arguments need not pay for.
  const { readYamlFile } = await import('./yaml-file.js');
  try {
    return fileSettings(file, await readYamlFile(file), schema);
  } catch (error) {
    if (error instanceof ConfigError) return { settings: [], problems: error.problems };
    throw error;
  }
}

function limited(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const more = problems.length - MAX_PROBLEMS;
  if (more <= 0) return problems;
  return [
    ...problems.slice(0, MAX_PROBLEMS),
    { path: 'configuration', detail: `has ${more} more problems` },
  ];
}

function deepFreeze<T extends object>(tree: T): T {
  for (const child of Object.values(tree)) {
    if (typeof child === 'object' && child !== null) deepFreeze(child);
  }
  return Object.freeze(tree);
}
