import { messageOf } from '../errors.js';
import type { Outcome } from './command-lane.js';
import type { ReplyResult } from './reply.js';

/** An error's own code, where it is a word for programs and no system's code such as ENOENT. */
const ERROR_CODE = /^[a-z][a-z0-9-]{0,63}$/;

/** What is answered when a command has ended. */
export function resultOf(outcome: Outcome, limitS: number): ReplyResult {
  switch (outcome.kind) {
    case 'done':
      return { status: 'ok', data: outcome.data };
    case 'failed':
      return error(codeOf(outcome.thrown), messageOf(outcome.thrown));
    case 'expired':
      return error('old', 'its turn did not come in time');
    case 'blocked':
      return error('busy', 'the one before it was given up and has not ended yet');
    case 'timeout':
      return error('timeout', `it took longer than ${limitS} s and was given up`);
    case 'stopped':
      return error('stopped', 'Lookout is stopping');
    default:
      return outcome satisfies never;
  }
}

function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' && ERROR_CODE.test(code) ? code : 'failed';
}

function error(code: string, message: string): ReplyResult {
  return { status: 'error', error: { code, message } };
}
