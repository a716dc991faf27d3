import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { distanceToEdge, isInside } from '../../src/tracking/polygon.js';

const SQUARE = [
  { x: 0.2, y: 0.2 },
  { x: 0.8, y: 0.2 },
  { x: 0.8, y: 0.8 },
  { x: 0.2, y: 0.8 },
];

/** A U that is open at the top. */
const U = [
  { x: 0, y: 0 },
  { x: 0.3, y: 0 },
  { x: 0.3, y: 0.7 },
  { x: 0.7, y: 0.7 },
  { x: 0.7, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

describe('isInside()', () => {
  it('tells inside from outside, whichever way round the corners are', () => {
    for (const polygon of [SQUARE, SQUARE.toReversed()]) {
      assert.equal(isInside({ x: 0.5, y: 0.5 }, polygon), true);
      assert.equal(isInside({ x: 0.1, y: 0.5 }, polygon), false);
      assert.equal(isInside({ x: 0.9, y: 0.5 }, polygon), false);
      assert.equal(isInside({ x: 0.5, y: 0.9 }, polygon), false);
    }
  });

  it('takes the hollow of a concave polygon for outside', () => {
    assert.equal(isInside({ x: 0.5, y: 0.5 }, U), false);
    assert.equal(isInside({ x: 0.5, y: 0.8 }, U), true);
    assert.equal(isInside({ x: 0.15, y: 0.5 }, U), true);
  });

  it('goes by the even-odd rule where edges cross', () => {
    // A pentagram: its middle is surrounded twice.
    const star = [0, 2, 4, 1, 3].map((corner) => ({
      x: 0.5 + 0.5 * Math.sin((corner * 2 * Math.PI) / 5),
      y: 0.5 - 0.5 * Math.cos((corner * 2 * Math.PI) / 5),
    }));
    assert.equal(isInside({ x: 0.5, y: 0.5 }, star), false);
    assert.equal(isInside({ x: 0.5, y: 0.15 }, star), true);
  });

  it('gives each point to one of two polygons that share an edge', () => {
    const left = [SQUARE[0], { x: 0.5, y: 0.2 }, { x: 0.5, y: 0.8 }, SQUARE[3]];
    const right = [{ x: 0.5, y: 0.2 }, SQUARE[1], SQUARE[2], { x: 0.5, y: 0.8 }];
    for (let y = 0.2; y < 0.8; y += 0.05) {
      const sides = [left, right].map((side) =>
        isInside(
          { x: 0.5, y },
          side.filter((corner) => corner !== undefined),
        ),
      );
      assert.deepEqual(sides.toSorted(), [false, true], `${y}`);
    }
  });
});

describe('distanceToEdge()', () => {
  it('measures to edges and to corners, from inside and outside', () => {
    const near = (actual: number, expected: number) =>
      assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
    near(distanceToEdge({ x: 0.5, y: 0.7 }, SQUARE), 0.1);
    near(distanceToEdge({ x: 0.5, y: 0.9 }, SQUARE), 0.1);
    near(distanceToEdge({ x: 0.83, y: 0.84 }, SQUARE), 0.05);
    near(
      distanceToEdge(
        { x: 0.3, y: 0 },
        [SQUARE[0], SQUARE[0]].flatMap((p) => p ?? []),
      ),
      Math.hypot(0.1, 0.2),
    );
  });
});
