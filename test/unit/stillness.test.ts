import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BoundingBox } from '../../src/domain/bounding-box.js';
import { Stillness } from '../../src/tracking/stillness.js';
import { between, boxAt, jittered, seededRandom } from '../helpers/scene.js';

/** Shows the box of each 100 ms and returns the times at which the answer changed. */
function flips(durationMs: number, boxOf: (atMs: number) => BoundingBox): number[] {
  const stillness = new Stillness(boxOf(0), 0);
  const times: number[] = [];
  let before = false;
  for (let atMs = 100; atMs <= durationMs; atMs += 100) {
    stillness.see(boxOf(atMs), atMs);
    if (stillness.stationary !== before) times.push(atMs);
    before = stillness.stationary;
  }
  return times;
}

describe('Stillness', () => {
  it('calls a thing stationary after five seconds in one place', () => {
    assert.deepEqual(
      flips(20_000, () => boxAt(0.5, 0.5)),
      [5000],
    );
  });

  it('does not flip back and forth for boxes that jitter', () => {
    const random = seededRandom(4);
    const times = flips(60_000, () => jittered(boxAt(0.5, 0.5), random, 0.12));
    assert.equal(times.length, 1);
  });

  it('does not mind a single box far off', () => {
    const times = flips(20_000, (atMs) => boxAt(atMs === 10_000 ? 0.7 : 0.5, 0.5));
    assert.deepEqual(times, [5000]);
  });

  it('never calls a thing stationary that goes slowly but steadily', () => {
    assert.deepEqual(
      flips(30_000, (atMs) => boxAt(0.1 + atMs / 40_000, 0.5)),
      [],
    );
  });

  it('notices within a second and a half that a thing moves off', () => {
    const times = flips(12_000, (atMs) =>
      boxAt(between(atMs, { startMs: 10_000, endMs: 11_000, from: 0.3, to: 0.6 }), 0.5),
    );
    assert.equal(times.length, 2);
    assert.ok((times[1] ?? 0) <= 11_500, `${times}`);
  });

  it('takes a change of size for motion', () => {
    const times = flips(20_000, (atMs) => {
      const size = 0.1 * 2 ** (atMs / 10_000);
      return boxAt(0.5, 0.5, size, size);
    });
    assert.deepEqual(times, []);
  });
});
