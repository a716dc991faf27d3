import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MotionSwitch } from '../../src/motion/motion-switch.js';

describe('MotionSwitch', () => {
  it('is on with the second moving frame in a row', () => {
    const motion = new MotionSwitch(1_000);
    assert.equal(motion.take('moving', 0), false);
    assert.equal(motion.take('still', 100), false);
    assert.equal(motion.take('moving', 200), false);
    assert.equal(motion.take('learning', 300), false);
    assert.equal(motion.take('moving', 400), false);
    assert.equal(motion.take('moving', 500), true);
  });

  it('is off when it has been still for the delay', () => {
    const motion = new MotionSwitch(1_000);
    for (const atMs of [0, 100]) motion.take('moving', atMs);
    assert.equal(motion.take('still', 1_099), true);
    assert.equal(motion.take('still', 1_100), false);
  });

  it('stays on while it moves now and then', () => {
    const motion = new MotionSwitch(1_000);
    for (let atMs = 0; atMs < 10_000; atMs += 900) {
      motion.take('moving', atMs);
      assert.equal(motion.take('moving', atMs + 100), true);
      assert.equal(motion.take('still', atMs + 200), true);
    }
  });

  it('is off at once when it is reset, and on a clock that runs backwards', () => {
    const motion = new MotionSwitch(1_000);
    for (const atMs of [5_000, 5_100]) motion.take('moving', atMs);
    motion.reset();
    assert.equal(motion.take('still', 5_200), false);
    for (const atMs of [5_300, 5_400]) motion.take('moving', atMs);
    assert.equal(motion.take('still', 0), false);
  });
});
