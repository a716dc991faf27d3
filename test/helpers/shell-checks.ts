import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { PROJECT_ROOT } from './reference-data.js';

const CANNOT_RUN_HERE = 77;

/** For `skip` of checks that take minutes: only what LOOKOUT_TEST_LONG names is run. */
export function unlessAskedFor(name: string): string | false {
  const asked = (process.env.LOOKOUT_TEST_LONG ?? '').split(',').includes(name);
  return asked ? false : `it takes minutes: LOOKOUT_TEST_LONG=${name}`;
}

/**
 * Runs a script that makes checks with `test/system/checks.sh`; its lines become the test's, and
 * the test is skipped with the script's reason where it cannot run.
 */
export async function runChecks(
  t: TestContext,
  file: string,
  args: readonly string[] = [],
): Promise<void> {
  const script = spawn(file, args, { cwd: PROJECT_ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  // It cleans up after itself also where the test's time is over.
  t.signal.addEventListener('abort', () => script.kill(), { once: true });
  const exited = new Promise((resolve) => script.once('exit', resolve));
  const output = await text(script.stdout);
  const status = await exited;
  if (status === CANNOT_RUN_HERE) {
    t.skip(output.trim());
    return;
  }
  for (const line of output.split('\n')) t.diagnostic(line);
  assert.equal(status, 0, output.match(/^FAIL .*$/gm)?.join('; '));
}
