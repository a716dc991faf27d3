import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { averagePrecision, type FoundBox, type TrueBox } from '../helpers/average-precision.js';

const at = (x: number): TrueBox => ({
  label: 'cat',
  box: { xMin: x, yMin: 0, xMax: x + 0.1, yMax: 0.1 },
  isIgnored: false,
});
const found = (x: number, score: number): FoundBox => ({ label: 'cat', box: at(x).box, score });

describe('averagePrecision', () => {
  it('is 1 when everything is found and nothing else, whatever the scores', () => {
    const picture = { truth: [at(0), at(0.5)], found: [found(0, 0.9), found(0.5, 0.1)] };
    assert.equal(averagePrecision([picture, { truth: [], found: [] }], 'cat', 0.5), 1);
  });

  it('falls by what is missed and by what is false above it', () => {
    const missed = { truth: [at(0), at(0.5)], found: [found(0, 0.9)] };
    assert.ok(Math.abs((averagePrecision([missed], 'cat', 0.5) ?? 0) - 51 / 101) < 1e-9);
    const falseFirst = { truth: [at(0)], found: [found(0.7, 0.9), found(0, 0.5)] };
    assert.equal(averagePrecision([falseFirst], 'cat', 0.5), 0.5);
    const falseLast = { truth: [at(0)], found: [found(0.7, 0.2), found(0, 0.5)] };
    assert.equal(averagePrecision([falseLast], 'cat', 0.5), 1);
  });

  it('counts a second detection of the same object as false', () => {
    const twice = {
      truth: [at(0), at(0.5)],
      found: [found(0, 0.9), found(0.01, 0.8), found(0.5, 0.7)],
    };
    assert.ok((averagePrecision([twice], 'cat', 0.5) ?? 1) < 1);
  });

  it('neither demands nor blames what is to be ignored', () => {
    const ignored = { ...at(0.5), isIgnored: true };
    const picture = { truth: [at(0), ignored], found: [found(0.5, 0.9), found(0, 0.5)] };
    assert.equal(averagePrecision([picture], 'cat', 0.5), 1);
    assert.equal(averagePrecision([{ truth: [ignored], found: [] }], 'cat', 0.5), null);
  });
});
