import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SteadyRate } from '../../src/health/steady-rate.js';

describe('SteadyRate', () => {
  it('is right however long the first time took to come', () => {
    const rate = new SteadyRate();
    for (let nowMs = 30_000; nowMs <= 33_000; nowMs += 500) rate.happened(nowMs);
    assert.equal(rate.read(33_000), 2);
    for (let nowMs = 33_500; nowMs <= 36_000; nowMs += 500) rate.happened(nowMs);
    assert.equal(rate.read(36_000), 2);
  });

  it('says nothing of too short a time, which then counts for the next reading', () => {
    const rate = new SteadyRate();
    assert.equal(rate.read(1_000), null);
    rate.happened(1_000);
    rate.happened(1_500);
    assert.equal(rate.read(1_500), null);
    for (let nowMs = 2_000; nowMs <= 5_000; nowMs += 500) rate.happened(nowMs);
    assert.equal(rate.read(5_000), 2);
  });

  it('falls while nothing happens', () => {
    const rate = new SteadyRate();
    rate.happened(1_000);
    rate.happened(1_500);
    assert.equal(rate.read(11_000), 0.1);
    assert.equal(rate.read(21_000), 0);
  });
});
