import type { Config } from '../config/schema.js';
import { type AdjustableLog, createLog } from '../log/create-log.js';
import type { CommandContext } from './command-context.js';

/** The log that the configuration asks for, on the command's stderr. */
export function commandLog(
  { stderr, env }: CommandContext,
  { log }: Pick<Config, 'log'>,
): AdjustableLog {
  return createLog(log, { stderr, env });
}
