import type { Writable } from 'node:stream';
import type { LoadedConfig } from '../config/load-config.js';
import type { KeyPath } from '../config/schema.js';

/** What a command gets from the process it runs in. */
export interface CommandContext {
  /** Positional arguments, in order. */
  readonly positionals: readonly string[];
  /** The command's own options that were given, by long name without dashes; a switch is `true`. */
  readonly options: ReadonlyMap<string, string | true>;
  /** Of this package. */
  readonly version: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** For results only. A reader that went away is no error: the rest of the text is dropped. */
  readonly stdout: Writable;
  /** For logs and everything said to people. */
  readonly stderr: Writable;
  /**
   * Reads the configuration anew: defaults, file, environment, arguments. Each call reads the file
   * again, so a reload is a second call.
   * @param required keys that this command cannot do without.
   * @param presets texts by keys' paths, which win over all but arguments.
   * @throws ConfigError with every problem.
   */
  loadConfig(
    required?: readonly KeyPath[],
    presets?: ReadonlyMap<string, string>,
  ): Promise<LoadedConfig>;
  /** Calls `listener` at each SIGHUP from now on; without a listener SIGHUP ends the process. */
  onReload(listener: () => void): void;
}

/**
 * Does the command's work: returns for exit code 0, throws for every other one (ConfigError and
 * ModelError 78, UsageError 2, anything else 1). `signal` is aborted when the process is asked to
 * stop, which is no error: the command releases what it holds and returns.
 */
export type Command = (context: CommandContext, signal: AbortSignal) => Promise<void>;

/** An option of one command, beside the configuration keys. */
export interface CommandOption {
  /** As commander writes it: `--json` for a switch, `--model <file>` for a value. */
  readonly flags: string;
  readonly doc: string;
}

/** How a command is announced; its module is loaded only when it is called. */
export interface CommandSpec {
  /** One word, or a group and a word: `models inspect`. */
  readonly name: string;
  readonly summary: string;
  /** As commander writes them, e.g. `<image...>`; empty for a command that takes none. */
  readonly positionals: string;
  readonly options: readonly CommandOption[];
  /**
   * Which configuration keys are arguments too: all of them and `--config`, or only those of the
   * named sections; a command without `all` does not read the configuration file.
   */
  readonly config: 'all' | readonly string[];
  load(): Promise<Command>;
}
