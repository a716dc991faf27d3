import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pacer } from '../../src/camera/pacer.js';

const NEVER = new AbortController().signal;

async function elapsedMs(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

describe('Pacer', () => {
  it('spreads moments at its rate, beginning at once', async () => {
    const pacer = new Pacer(50);
    const tookMs = await elapsedMs(async () => {
      for (let moment = 0; moment < 11; moment += 1) assert.ok(await pacer.next(NEVER));
    });
    // Node's timers fire a millisecond or two early, and lateness is made up for.
    assert.ok(tookMs >= 195, `took ${tookMs} ms`);
  });

  it('makes up for lost time', async () => {
    const pacer = new Pacer(10);
    await pacer.next(NEVER);
    await sleep(1000);
    const tookMs = await elapsedMs(async () => {
      for (let moment = 0; moment < 10; moment += 1) await pacer.next(NEVER);
    });
    assert.ok(tookMs < 900, `took ${tookMs} ms`);
  });

  it('rests until half way to the next moment, and not when it is late', async () => {
    const pacer = new Pacer(5);
    await pacer.next(NEVER);
    const restedMs = await elapsedMs(() => pacer.rest(NEVER));
    assert.ok(restedMs >= 80, `rested ${restedMs} ms`);
    await sleep(200);
    const lateMs = await elapsedMs(() => pacer.rest(NEVER));
    assert.ok(lateMs < 80, `rested ${lateMs} ms`);
  });

  it('is false when aborted while waiting', async () => {
    const pacer = new Pacer(0.01);
    const stop = new AbortController();
    await pacer.next(stop.signal);
    const waiting = pacer.next(stop.signal);
    stop.abort();
    assert.equal(await waiting, false);
  });
});
