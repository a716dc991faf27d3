import type { Writable } from 'node:stream';
import type { LoadedConfig } from '../config/load-config.js';
import { configSchema, type KeyPath, type Machine } from '../config/schema.js';
import type { CommandContext, CommandSpec } from './command-context.js';
import { type CommandArguments, parseCommandLine } from './command-line.js';
import { EXIT_CODE, reportFailure } from './exit-code.js';

/** The process as commands see it. */
export interface Host {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly machine: Machine;
  readonly version: string;
  readonly commands: readonly CommandSpec[];
  onReload(listener: () => void): void;
  /** Rejects with an error that nobody caught; never resolves. */
  readonly crash: Promise<never>;
}

/**
 * Does what the command line asks for and says on stderr what went wrong.
 * @param args the arguments after the program's name.
 * @returns the exit code; never rejects.
 */
export async function runCommandLine(
  args: readonly string[],
  host: Host,
  signal: AbortSignal,
): Promise<number> {
  let isVerbose = host.env.LOOKOUT_LOG_LEVEL === 'debug';
  try {
    const schema = configSchema(host.machine);
    const { version, commands } = host;
    const request = parseCommandLine(args, { version, commands, schema });
    if (request.kind === 'text') {
      host.stdout.write(request.text);
      return EXIT_CODE.stopped;
    }
    isVerbose = (request.values.get('log.level') ?? host.env.LOOKOUT_LOG_LEVEL) === 'debug';
    const context = contextOf(request, request.spec.config === 'all', host, ({ config }) => {
      isVerbose = config.log.level === 'debug';
    });
    const command = await request.spec.load();
    await Promise.race([command(context, signal), host.crash]);
    return EXIT_CODE.stopped;
  } catch (error) {
    // To be asked to stop is no failure, also where it interrupts something half done.
    if (signal.aborted && isAbort(error)) return EXIT_CODE.stopped;
    return reportFailure(error, host.stderr, isVerbose);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function contextOf(
  args: CommandArguments,
  readsFile: boolean,
  host: Host,
  onLoad: (loaded: LoadedConfig) => void,
): CommandContext {
  const { positionals, options, values, configFile } = args;
  return {
    positionals,
    options,
    version: host.version,
    env: host.env,
    stdout: host.stdout,
    stderr: host.stderr,
    onReload: (listener) => host.onReload(listener),
    loadConfig: async (required: readonly KeyPath[] = [], presets = new Map()) => {
      // Here and not at the top: convict and yaml cost a tenth of a second that help need not wait.
      const { loadConfig } = await import('../config/load-config.js');
      const file = readsFile ? (configFile ?? 'auto') : null;
      const { env, machine } = host;
      const settings = new Map([...presets, ...values]);
      const loaded = await loadConfig({ file, env, values: settings, machine, required });
      onLoad(loaded);
      return loaded;
    },
  };
}
