#!/usr/bin/env node
import { availableParallelism, hostname } from 'node:os';
import process from 'node:process';
import { COMMANDS } from './cli/commands.js';
import { EXIT_CODE, reportFailure } from './cli/exit-code.js';
import { runCommandLine } from './cli/run-command.js';
import { packageVersion } from './cli/version.js';
import { Crash, messageOf } from './errors.js';

/** After a command is through, whatever it has left open may hold the process for so long. */
const EXIT_GRACE_MS = 2000;

const root = new AbortController();

function stop(): void {
  if (root.signal.aborted) process.exit(EXIT_CODE.fault);
  root.abort();
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

let isThrough = false;
const crash = new Promise<never>((_, reject) => {
  process.on('uncaughtException', (error) => {
    reject(error);
    // What still runs gets the grace to release what it holds, such as the camera. Not at once: the
    // error may be an AbortError, which after an abort would count as a stop that was asked for.
    setImmediate(() => root.abort(new Crash(messageOf(error), { cause: error })));
  });
});
crash.catch((error) => {
  process.exitCode = isThrough ? reportFailure(error, process.stderr, false) : EXIT_CODE.fault;
});

// A reader that went away, as in `lookout check | head -1`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.stderr.on('error', () => {});

const exitCode = await runCommandLine(
  process.argv.slice(2),
  {
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    machine: { hostName: hostname(), cores: availableParallelism() },
    version: packageVersion(),
    commands: COMMANDS,
    onReload: (listener) => process.on('SIGHUP', listener),
    crash,
  },
  root.signal,
);
isThrough = true;
process.exitCode = exitCode || process.exitCode || 0;
setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
