import { findProgram } from './program-path.js';

/**
 * The command in a form that ends with this process, even when that is killed: by `setpriv` of
 * util-linux. Where that is not installed, the command as it is.
 * @param command absolute path of a program, then its arguments.
 */
export function boundToParent(
  command: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
): readonly [string, ...string[]] {
  const setpriv = findProgram(['setpriv'], env);
  return setpriv === null ? command : [setpriv, '--pdeathsig', 'KILL', '--', ...command];
}
