import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Backoff } from '../../src/async/backoff.js';

function assertWithin(actualMs: number, stepMs: number): void {
  assert.ok(actualMs > stepMs / 2 && actualMs <= stepMs, `${actualMs} for the step ${stepMs}`);
}

describe('Backoff', () => {
  it('doubles the step up to the longest and stays there', () => {
    const backoff = new Backoff({ minMs: 100, maxMs: 1_000 });
    for (const stepMs of [100, 200, 400, 800, 1_000, 1_000]) assertWithin(backoff.nextMs(), stepMs);
    for (let i = 0; i < 5_000; i++) backoff.nextMs();
    assertWithin(backoff.nextMs(), 1_000);
  });

  it('starts again after a reset', () => {
    const backoff = new Backoff({ minMs: 100, maxMs: 1_000 });
    for (let i = 0; i < 10; i++) backoff.nextMs();
    backoff.reset();
    assertWithin(backoff.nextMs(), 100);
  });

  it('spreads the delays of those who wait together', () => {
    const backoff = new Backoff({ minMs: 1_000, maxMs: 1_000 });
    const delays = Array.from({ length: 200 }, () => backoff.nextMs());
    assert.ok(Math.max(...delays) - Math.min(...delays) > 300);
  });
});
