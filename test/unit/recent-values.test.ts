import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecentValues } from '../../src/health/recent-values.js';

describe('RecentValues', () => {
  it('knows no percentile of nothing', () => {
    assert.equal(new RecentValues(4).percentile(0.5), null);
  });

  it('gives percentiles by nearest rank', () => {
    const values = new RecentValues(100);
    for (const value of [5, 1, 4, 2, 3]) values.add(value);
    assert.deepEqual(
      [0, 0.2, 0.5, 0.95, 1].map((share) => values.percentile(share)),
      [1, 1, 3, 5, 5],
    );
  });

  it('forgets the oldest', () => {
    const values = new RecentValues(3);
    for (const value of [100, 1, 2, 3]) values.add(value);
    assert.equal(values.percentile(1), 3);
  });
});
