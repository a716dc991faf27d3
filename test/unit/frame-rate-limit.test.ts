import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameRateLimit } from '../../src/pipeline/frame-rate-limit.js';
import { seededRandom } from '../helpers/seeded-random.js';

/** How many of `frames` at `fps`, each up to `jitterMs` late, are taken. */
function taken(limit: FrameRateLimit, frames: number, fps: number, jitterMs = 0): number {
  const random = seededRandom(1);
  return Array.from({ length: frames }, (_, i) => (i * 1000) / fps + random() * jitterMs).filter(
    (timeMs) => limit.takes(timeMs),
  ).length;
}

describe('FrameRateLimit', () => {
  it('takes every frame until it is set, and when it is lifted', () => {
    const limit = new FrameRateLimit();
    assert.equal(taken(limit, 50, 1000), 50);
    limit.set(1);
    limit.set(null);
    assert.equal(taken(limit, 50, 1000), 50);
  });

  it('takes as many as it may, whatever the rate they come at', () => {
    for (const perSecond of [0.5, 3, 7, 9.9]) {
      const limit = new FrameRateLimit();
      limit.set(perSecond);
      const count = taken(limit, 1_000, 10);
      assert.ok(Math.abs(count - perSecond * 100) <= 2, `${count} at ${perSecond}`);
    }
  });

  it('passes over none of a camera that trembles and is no faster', () => {
    const limit = new FrameRateLimit();
    limit.set(10);
    assert.equal(taken(limit, 1_000, 10, 20), 1_000);
  });

  it('is not made up for after a gap', () => {
    const limit = new FrameRateLimit();
    limit.set(1);
    assert.ok(limit.takes(0));
    const late = Array.from({ length: 100 }, (_, i) => 60_000 + i * 10);
    assert.ok(late.filter((timeMs) => limit.takes(timeMs)).length <= 2);
  });

  it('begins anew when the clock runs backwards', () => {
    const limit = new FrameRateLimit();
    limit.set(1);
    assert.ok(limit.takes(100_000));
    assert.ok(limit.takes(0));
    assert.ok(!limit.takes(10));
  });
});
