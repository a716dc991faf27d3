import { hasLitert, pullEngine } from '../daemon/engines.js';
import { messageOf } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { textOption } from './options.js';

const OFF = /^(off|false|no|0)$/i;

/**
 * `lookout engine pull`: fetches LiteRT's library. With `--optional`, as installations call it, it
 * may be switched off, and not to get it is no failure: everything works without, only slower.
 */
export async function enginePullCommand(
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const { options, env, stdout, stderr } = context;
  const isOptional = options.has('optional');
  const begin = performance.now();
  try {
    const obstacle = isOptional ? whatForbids(env) : null;
    if (obstacle !== null && !(await hasLitert())) throw new Error(obstacle);
    const result = await pullEngine(textOption(options, 'from'), env, signal);
    if (result.kind === 'verified') {
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      const source = result.from === null ? '' : `: taken from "${result.from}" in ${seconds} s`;
      stdout.write(`LiteRT ${result.version} is there, verified${source}\n`);
    } else if (isOptional) {
      stderr.write(`Models run on tfjs-tflite-node: ${result.reason}\n`);
    } else {
      throw new Error(`Cannot fetch LiteRT: ${result.reason}`);
    }
  } catch (error) {
    if (!isOptional || signal.aborted) throw error;
    stderr.write(
      `LiteRT was not fetched, and models run several times slower without it: ${messageOf(error)}. Get it with: lookout engine pull\n`,
    );
  }
}

/** Whoever installs may want no network to be used; null when nobody says so. */
function whatForbids(env: Readonly<NodeJS.ProcessEnv>): string | null {
  const { LOOKOUT_ENGINE_PULL: pull = '', npm_config_offline: offline } = env;
  if (OFF.test(pull)) return `LOOKOUT_ENGINE_PULL is "${pull}"`;
  return offline === 'true' ? 'npm is offline' : null;
}
