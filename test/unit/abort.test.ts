import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { delay } from '../../src/async/abort.js';

describe('delay', () => {
  it('is true when the time has passed, and leaves no listener', async () => {
    const { signal } = new AbortController();
    assert.equal(await delay(5, signal), true);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('is false as soon as the signal is aborted', async () => {
    const controller = new AbortController();
    const waiting = delay(60_000, controller.signal);
    controller.abort();
    assert.equal(await waiting, false);
  });

  it('is false at once when the signal was aborted before', async () => {
    assert.equal(await delay(60_000, AbortSignal.abort()), false);
  });
});
