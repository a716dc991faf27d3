import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type BoundingBox,
  boxArea,
  clipToFrame,
  intersectionOverUnion,
} from '../../src/domain/bounding-box.js';

function box(xMin: number, yMin: number, xMax: number, yMax: number): BoundingBox {
  return { xMin, yMin, xMax, yMax };
}

describe('boxArea', () => {
  it('is width by height', () => {
    assert.equal(boxArea(box(0.25, 0.5, 0.75, 1)), 0.25);
  });

  it('is 0 for a box that is inverted in one direction or both', () => {
    assert.equal(boxArea(box(0.5, 0, 0.25, 1)), 0);
    assert.equal(boxArea(box(0.5, 1, 0.25, 0)), 0);
  });
});

describe('intersectionOverUnion', () => {
  it('is 1 for equal boxes and 0 for boxes that are apart or only touch', () => {
    assert.equal(intersectionOverUnion(box(0, 0, 0.5, 0.5), box(0, 0, 0.5, 0.5)), 1);
    assert.equal(intersectionOverUnion(box(0, 0, 0.25, 1), box(0.5, 0, 0.75, 1)), 0);
    assert.equal(intersectionOverUnion(box(0, 0, 0.5, 1), box(0.5, 0, 1, 1)), 0);
  });

  it('is a third for two boxes that share half of each', () => {
    const shared = intersectionOverUnion(box(0, 0, 0.5, 1), box(0.25, 0, 0.75, 1));
    assert.ok(Math.abs(shared - 1 / 3) < 1e-12);
  });

  it('does not depend on the order', () => {
    const [a, b] = [box(0.1, 0.2, 0.6, 0.7), box(0.3, 0.1, 0.9, 0.5)];
    assert.equal(intersectionOverUnion(a, b), intersectionOverUnion(b, a));
  });

  it('is 0 when both boxes are empty', () => {
    assert.equal(intersectionOverUnion(box(0.5, 0.5, 0.5, 0.5), box(0.5, 0.5, 0.5, 0.5)), 0);
  });
});

describe('clipToFrame', () => {
  it('keeps a box that lies inside', () => {
    assert.deepEqual(clipToFrame(box(0, 0.1, 0.9, 1)), box(0, 0.1, 0.9, 1));
  });

  it('moves corners outside to the edge', () => {
    assert.deepEqual(clipToFrame(box(-0.1, -2, 1.5, 1.01)), box(0, 0, 1, 1));
    assert.equal(boxArea(clipToFrame(box(1.1, 0, 1.5, 1))), 0);
  });
});
