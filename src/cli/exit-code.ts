import type { Writable } from 'node:stream';
import { ConfigError, ModelError, messageOf, RestartWanted, UsageError } from '../errors.js';

/** What the process tells whoever started it; systemd does not restart after `config`. */
export const EXIT_CODE = { stopped: 0, fault: 1, usage: 2, restart: 75, config: 78 } as const;

/**
 * Says on `stderr` why a command failed, in a line or a line for each problem.
 * @param withStack whether the stack of an unexpected error is wanted too.
 * @returns the exit code.
 */
export function reportFailure(error: unknown, stderr: Writable, withStack: boolean): number {
  if (error instanceof ConfigError) {
    for (const { path, detail } of error.problems)
      stderr.write(`${oneLine(`${path}: ${detail}`)}\n`);
    return EXIT_CODE.config;
  }
  if (error instanceof UsageError) {
    stderr.write(`${error.message}\n`);
    return EXIT_CODE.usage;
  }
  const stack = withStack && error instanceof Error ? error.stack : undefined;
  stderr.write(`${stack ?? oneLine(messageOf(error))}\n`);
  if (error instanceof RestartWanted) return EXIT_CODE.restart;
  return error instanceof ModelError ? EXIT_CODE.config : EXIT_CODE.fault;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
