import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HealthPayload } from '../../src/contract/health-schema.js';
import { LatestHealth } from '../../src/daemon/latest-health.js';

describe('LatestHealth', () => {
  it('knows nothing before there are reports, and before their first one', () => {
    const health = new LatestHealth();
    assert.equal(health.latest, null);
    assert.equal(health.isClockSynced, null);
    health.from({ latest: null });
    assert.equal(health.isClockSynced, null);
  });

  it('goes by the newest report', () => {
    const health = new LatestHealth();
    const reports = { latest: withClock(false) };
    health.from(reports);
    assert.equal(health.isClockSynced, false);
    reports.latest = withClock(true);
    assert.equal(health.isClockSynced, true);
    assert.equal(health.latest, reports.latest);
  });
});

function withClock(synced: boolean): HealthPayload {
  return { clock: { synced, last_step_ms: 0 } } as HealthPayload;
}
