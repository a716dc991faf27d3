import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScoreHistogram } from '../../src/tracking/score-histogram.js';
import { seededRandom } from '../helpers/scene.js';

describe('ScoreHistogram', () => {
  it('is 0 before the first score', () => {
    const scores = new ScoreHistogram();
    assert.deepEqual([scores.median, scores.top], [0, 0]);
  });

  it('gives the median of all scores to within half a bin', () => {
    const random = seededRandom(5);
    const scores = new ScoreHistogram();
    const all = Array.from({ length: 1001 }, () => random() ** 2);
    for (const score of all) scores.add(score);
    const exact = all.sort((a, b) => a - b)[500] ?? 0;
    assert.ok(Math.abs(scores.median - exact) <= 1 / 510 + 1e-12, `${scores.median} ${exact}`);
    assert.equal(scores.top, all.at(-1));
  });

  it('gives the lower of two middle scores', () => {
    const scores = new ScoreHistogram();
    for (const score of [0.2, 0.8]) scores.add(score);
    assert.ok(Math.abs(scores.median - 0.2) < 1 / 255);
  });

  it('counts scores outside 0..1 as the nearest end', () => {
    const scores = new ScoreHistogram();
    for (const score of [-1, 2, 3]) scores.add(score);
    assert.equal(scores.median, 1);
  });
});
