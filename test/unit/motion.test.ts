import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { intersectionOverUnion } from '../../src/domain/bounding-box.js';
import { BoxMotion } from '../../src/tracking/motion.js';
import { boxAt, jittered, seededRandom } from '../helpers/scene.js';

const SPEED_PER_S = 0.3;

/** Follows a box that goes right for 2 s, seen at the given times. */
function walk(timesMs: readonly number[], jitter: number): BoxMotion {
  const random = seededRandom(3);
  const motion = new BoxMotion(boxAt(0.1, 0.5), 0);
  for (const atMs of timesMs) {
    motion.correct(jittered(boxAt(0.1 + (SPEED_PER_S * atMs) / 1000, 0.5), random, jitter), atMs);
  }
  return motion;
}

const EVERY_100_MS = Array.from({ length: 20 }, (_, index) => (index + 1) * 100);

describe('BoxMotion', () => {
  it('expects a thing seen once to stay', () => {
    const box = boxAt(0.5, 0.5);
    assert.deepEqual(new BoxMotion(box, 1000).expectedAt(1500), box);
  });

  it('expects a thing in motion to go on', () => {
    const motion = walk(EVERY_100_MS, 0);
    const overlap = intersectionOverUnion(motion.expectedAt(2500), boxAt(0.85, 0.5));
    assert.ok(overlap > 0.9, `overlap ${overlap}`);
    assert.ok(Math.abs(motion.velocity.xPerS - SPEED_PER_S) < 0.02, `${motion.velocity.xPerS}`);
    assert.ok(Math.abs(motion.velocity.yPerS) < 0.02, `${motion.velocity.yPerS}`);
  });

  it('knows after three sights roughly how fast a thing is', () => {
    const { xPerS } = walk([100, 200], 0).velocity;
    assert.ok(Math.abs(xPerS - SPEED_PER_S) < 0.05, `${xPerS}`);
  });

  it('notices within half a second that a thing has stopped', () => {
    const motion = walk(EVERY_100_MS, 0);
    for (const atMs of [2100, 2200, 2300, 2400, 2500]) motion.correct(boxAt(0.7, 0.5), atMs);
    assert.ok(Math.abs(motion.velocity.xPerS) < 0.06, `${motion.velocity.xPerS}`);
  });

  it('expects the same whether all frames or a few were seen', () => {
    const few = walk([100, 300, 400, 900, 1000, 1700, 2000], 0);
    const overlap = intersectionOverUnion(few.expectedAt(2500), boxAt(0.85, 0.5));
    assert.ok(overlap > 0.9, `overlap ${overlap}`);
  });

  it('is not led astray by boxes that jitter', () => {
    const motion = walk(EVERY_100_MS, 0.05);
    const overlap = intersectionOverUnion(motion.expectedAt(2300), boxAt(0.79, 0.5));
    assert.ok(overlap > 0.7, `overlap ${overlap}`);
  });

  it('lets a thing out of sight go on for a second at most', () => {
    const motion = walk(EVERY_100_MS, 0);
    assert.deepEqual(motion.expectedAt(60_000), motion.expectedAt(3000));
  });

  it('gives a shrinking box no extent rather than a negative one', () => {
    const motion = new BoxMotion(boxAt(0.5, 0.5, 0.4, 0.4), 0);
    for (const atMs of [100, 200, 300]) {
      motion.correct(boxAt(0.5, 0.5, 0.4 - atMs / 1000, 0.4), atMs);
    }
    const box = motion.expectedAt(1300);
    assert.equal(box.xMin, box.xMax);
    assert.ok(box.yMin < box.yMax);
  });

  it('takes two sights at one time as one place between them', () => {
    const motion = new BoxMotion(boxAt(0.5, 0.5), 100);
    motion.correct(boxAt(0.54, 0.5), 100);
    const { xMin } = motion.expectedAt(100);
    assert.ok(xMin > 0.4 && xMin < 0.44, `${xMin}`);
    assert.equal(motion.velocity.xPerS, 0);
  });
});
