import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigSources, type LoadedConfig, loadConfig } from '../../src/config/load-config.js';
import { ConfigError, type ConfigProblem } from '../../src/errors.js';

/** A folder that is gone when the test is over. */
export class TemporaryFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'lookout-test-'));

  /** Writes a file and gives its path. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Loads what the given sources say, on a machine with four cores called `Pi 4`. */
export function load(sources: Partial<ConfigSources> = {}): Promise<LoadedConfig> {
  return loadConfig({
    file: null,
    env: {},
    values: new Map(),
    machine: { hostName: 'Pi 4', cores: 4 },
    required: [],
    ...sources,
  });
}

/** Loads a file with the given content. */
export async function loadYaml(
  content: string | Uint8Array,
  sources: Partial<ConfigSources> = {},
): Promise<LoadedConfig> {
  using folder = new TemporaryFolder();
  return await load({ ...sources, file: folder.file('lookout.yaml', content) });
}

/** The problems for which `loading` is refused; none when it is not. */
export async function problemsOf(loading: Promise<unknown>): Promise<readonly ConfigProblem[]> {
  try {
    await loading;
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
