import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClockSteps } from '../../src/health/clock-steps.js';

describe('ClockSteps', () => {
  it('tells jumps of the wall clock from its slow correction', () => {
    const time = { wall: 1_000_000, steady: 0 };
    const steps = new ClockSteps(
      () => time.wall,
      () => time.steady,
    );
    const passed = (steadyMs: number, wallMs: number): number => {
      time.steady += steadyMs;
      time.wall += wallMs;
      return steps.look();
    };
    assert.equal(passed(10_000, 10_000), 0);
    assert.equal(passed(10_000, 10_400), 0);
    assert.equal(passed(10_000, 3_610_000), 3_600_000);
    assert.equal(passed(10_000, 10_000), 3_600_000);
    assert.equal(passed(10_000, 5_000), -5_000);
  });
});
