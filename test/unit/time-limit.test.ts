import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { withTimeLimit } from '../../src/async/time-limit.js';

const untilAborted = async (signal: AbortSignal): Promise<never> => {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
};

describe('withTimeLimit()', () => {
  it('gives what the task gives, and holds nothing after it', async () => {
    const root = new AbortController();
    let given: AbortSignal | undefined;
    const task = async (signal: AbortSignal) => {
      given = signal;
      return 7;
    };
    assert.equal(await withTimeLimit(60_000, task, root.signal), 7);
    root.abort();
    assert.equal(given?.aborted, false);
  });

  it('aborts the task when the time has passed', async () => {
    const { signal } = new AbortController();
    await assert.rejects(
      withTimeLimit(10, untilAborted, signal),
      /^Error: it took longer than 0.01 s$/,
    );
  });

  it('aborts the task with the signal, whose reason it throws whatever the task throws', async () => {
    const root = new AbortController();
    const failing = async (signal: AbortSignal) => {
      await once(signal, 'abort');
      throw new TypeError('other');
    };
    const result = withTimeLimit(60_000, failing, root.signal);
    root.abort();
    await assert.rejects(result, { name: 'AbortError' });
    await assert.rejects(withTimeLimit(60_000, untilAborted, root.signal), { name: 'AbortError' });
  });
});
