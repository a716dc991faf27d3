import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SampledPath } from '../../src/tracking/sampled-path.js';

function pathOf(length: number): number[] {
  const path = new SampledPath();
  for (let x = 0; x < length; x += 1) path.add({ x, y: 0 });
  return path.points.map(({ x }) => x);
}

describe('SampledPath', () => {
  it('keeps a short path whole', () => {
    assert.deepEqual(pathOf(0), []);
    assert.deepEqual(pathOf(3), [0, 1, 2]);
  });

  it('never has more than 32 points and always the first and the last', () => {
    for (let length = 1; length < 3000; length += 1) {
      const path = pathOf(length);
      assert.ok(path.length <= 32, `${length} points gave ${path.length}`);
      assert.equal(path[0], 0);
      assert.equal(path.at(-1), length - 1);
    }
  });

  it('spreads its points evenly over the whole life', () => {
    const path = pathOf(10_000);
    const steps = path.slice(1, -1).map((x, index) => x - (path[index] ?? 0));
    assert.equal(new Set(steps).size, 1, `steps ${steps}`);
    assert.ok(path.length > 15);
  });
});
