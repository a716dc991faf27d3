import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScoreThresholds } from '../../src/domain/score-thresholds.js';

describe('ScoreThresholds', () => {
  it('are the usual one until a label has its own', () => {
    const thresholds = new ScoreThresholds(0.5);
    thresholds.setLabels(['person', 'Fire Truck']);
    assert.equal(thresholds.toStart('person'), 0.5);
    assert.equal(thresholds.lowest, 0.3);
    thresholds.set('fire_truck', 0.2);
    assert.equal(thresholds.toStart('Fire Truck'), 0.2);
    assert.equal(thresholds.toStart('person'), 0.5);
    assert.ok(Math.abs(thresholds.toKeep('Fire Truck') - 0.12) < 1e-9);
    assert.equal(thresholds.lowest, thresholds.toKeep('Fire Truck'));
    thresholds.set('fire_truck', 0.9);
    assert.equal(thresholds.lowest, 0.3);
  });

  it('knows a label that is not announced yet by its slug', () => {
    const thresholds = new ScoreThresholds(0.5);
    thresholds.setLabels(['traffic light']);
    thresholds.set('traffic_light', 0.7);
    assert.equal(thresholds.toStart('Traffic Light'), 0.7);
  });

  it('forgets those of labels that are gone, and refuses unknown ones', () => {
    const thresholds = new ScoreThresholds(0.5);
    thresholds.setLabels(['person', 'dog']);
    thresholds.set('dog', 0.1);
    thresholds.setLabels(['person']);
    assert.equal(thresholds.lowest, 0.3);
    assert.deepEqual([...thresholds.bySlug], [['person', 0.5]]);
    assert.throws(() => thresholds.set('dog', 0.1), /"dog": valid labels are person/);
    thresholds.setLabels(['person', 'dog']);
    assert.equal(thresholds.toStart('dog'), 0.5);
  });
});
