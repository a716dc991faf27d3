import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { boundToParent } from '../processes/bound-to-parent.js';
import { childEnvironment } from '../processes/child-environment.js';
import type { TrialAnswer, TrialRequest } from './trial-protocol.js';

const TRIAL_PROGRAM = fileURLToPath(new URL('./trial-process.js', import.meta.url));
/** Of what the process and the engine's library say, this much from the end is kept. */
const MAX_SAID_CHARACTERS = 2_000;

export interface TrialOptions {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** When the process is killed. */
  readonly timeoutMs: number;
}

/**
 * Runs one trial in a process of its own, which a hostile model may bring down, stall or fill
 * without harm to this one. Whatever happens to it is an answer; rejects only when `signal` is
 * aborted.
 */
export async function runTrial(
  request: TrialRequest,
  { env, timeoutMs }: TrialOptions,
  signal: AbortSignal,
): Promise<TrialAnswer> {
  signal.throwIfAborted();
  const childEnv = childEnvironment(env);
  const [program, ...words] = boundToParent([process.execPath], childEnv);
  const child = fork(TRIAL_PROGRAM, {
    env: childEnv,
    execPath: program,
    execArgv: words,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const timer = setTimeout(kill, timeoutMs);
  try {
    const answer = await answerOf(child, request, timeoutMs);
    signal.throwIfAborted();
    return answer;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}

/** Resolves when the process has ended: its memory is free again before the next one starts. */
function answerOf(
  child: ChildProcess,
  request: TrialRequest,
  timeoutMs: number,
): Promise<TrialAnswer> {
  return new Promise((resolve) => {
    let answer: TrialAnswer | null = null;
    let said = '';
    const refuse = (reason: string): void => resolve({ kind: 'refused', reason });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-MAX_SAID_CHARACTERS);
    });
    child.on('message', (message: TrialAnswer) => {
      answer = message;
    });
    child.once('error', (error) => refuse(`the trial process cannot be started: ${error.message}`));
    child.once('close', (code, signalName) => {
      if (answer) resolve(answer);
      else refuse(endOf(code, signalName, timeoutMs) + lastLine(said));
    });
    // A process that is gone already says so by `close`.
    child.send(request, () => {});
  });
}

function endOf(code: number | null, signalName: string | null, timeoutMs: number): string {
  if (signalName === 'SIGKILL') return `it did not finish within ${timeoutMs / 1000} s`;
  return signalName === null
    ? `the trial process ended with exit code ${code}`
    : `the trial process crashed (${signalName})`;
}

function lastLine(said: string): string {
  const line = said.trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : `: ${line}`;
}
