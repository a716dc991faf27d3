import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { intersectionOverUnion } from '../../src/domain/bounding-box.js';
import { bufferedIou } from '../../src/tracking/buffered-iou.js';
import { boxAt, seededRandom } from '../helpers/scene.js';

describe('bufferedIou', () => {
  it('is the plain overlap without slack', () => {
    const random = seededRandom(6);
    for (let round = 0; round < 1000; round += 1) {
      const a = boxAt(random(), random(), random(), random());
      const b = boxAt(random(), random(), random(), random());
      assert.ok(Math.abs(bufferedIou(a, b, 0) - intersectionOverUnion(a, b)) < 1e-12);
    }
  });

  it('is the overlap of the boxes with all edges moved outwards', () => {
    const a = boxAt(0.3, 0.5, 0.2, 0.4);
    const b = boxAt(0.5, 0.5, 0.1, 0.4);
    const expected = intersectionOverUnion(boxAt(0.3, 0.5, 0.4, 0.8), boxAt(0.5, 0.5, 0.2, 0.8));
    assert.equal(intersectionOverUnion(a, b), 0);
    assert.ok(expected > 0.1);
    assert.ok(Math.abs(bufferedIou(a, b, 0.5) - expected) < 1e-12);
  });

  it('is 0 for boxes that do not even come near each other', () => {
    assert.equal(bufferedIou(boxAt(0.1, 0.5), boxAt(0.9, 0.5), 0.5), 0);
    assert.equal(bufferedIou(boxAt(0.5, 0.1, 0.2, 0.1), boxAt(0.5, 0.9, 0.2, 0.1), 0.5), 0);
  });
});
