import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boxInPicture, placePicture } from '../../src/detection/placement.js';
import type { BoundingBox } from '../../src/domain/bounding-box.js';

const INPUT = { widthPx: 300, heightPx: 300 };
const WIDE = { widthPx: 640, heightPx: 480 };
const TALL = { widthPx: 480, heightPx: 640 };

function box(xMin: number, yMin: number, xMax: number, yMax: number): BoundingBox {
  return { xMin, yMin, xMax, yMax };
}

function assertBox(actual: BoundingBox | null, expected: BoundingBox): void {
  assert.ok(actual);
  for (const edge of ['xMin', 'yMin', 'xMax', 'yMax'] as const) {
    const distance = Math.abs(actual[edge] - expected[edge]);
    assert.ok(distance < 1e-9, `${edge} is ${actual[edge]}, expected ${expected[edge]}`);
  }
}

describe('placePicture', () => {
  it('fills the input when stretching', () => {
    const expected = { xPx: 0, yPx: 0, widthPx: 300, heightPx: 300 };
    assert.deepEqual(placePicture(WIDE, INPUT, 'stretch'), expected);
  });

  it('puts bars above and below a wide picture', () => {
    const expected = { xPx: 0, yPx: 37, widthPx: 300, heightPx: 225 };
    assert.deepEqual(placePicture(WIDE, INPUT, 'letterbox'), expected);
  });

  it('puts bars left and right of a tall picture', () => {
    const expected = { xPx: 37, yPx: 0, widthPx: 225, heightPx: 300 };
    assert.deepEqual(placePicture(TALL, INPUT, 'letterbox'), expected);
  });

  it('needs no bars for a picture of the same aspect ratio', () => {
    const expected = { xPx: 0, yPx: 0, widthPx: 300, heightPx: 300 };
    assert.deepEqual(placePicture({ widthPx: 720, heightPx: 720 }, INPUT, 'letterbox'), expected);
  });

  it('leaves a pixel of a picture that is a thousand times as wide as high', () => {
    const { widthPx, heightPx } = placePicture({ widthPx: 3000, heightPx: 1 }, INPUT, 'letterbox');
    assert.deepEqual({ widthPx, heightPx }, { widthPx: 300, heightPx: 1 });
  });
});

describe('boxInPicture', () => {
  it('keeps fractions when stretching', () => {
    const placement = placePicture(WIDE, INPUT, 'stretch');
    assertBox(boxInPicture(box(0.1, 0.2, 0.5, 0.9), placement, INPUT), box(0.1, 0.2, 0.5, 0.9));
  });

  it('takes the bars off again, both ways', () => {
    const wide = placePicture(WIDE, INPUT, 'letterbox');
    const inWide = box(0.25, 37 / 300, 0.75, (37 + 225) / 300);
    assertBox(boxInPicture(inWide, wide, INPUT), box(0.25, 0, 0.75, 1));
    const tall = placePicture(TALL, INPUT, 'letterbox');
    const inTall = box((37 + 45) / 300, 0.25, (37 + 180) / 300, 0.75);
    assertBox(boxInPicture(inTall, tall, INPUT), box(0.2, 0.25, 0.8, 0.75));
  });

  it('clips what reaches into the bars or out of the input', () => {
    const placement = placePicture(WIDE, INPUT, 'letterbox');
    assertBox(boxInPicture(box(-0.2, 0.05, 0.5, 1.3), placement, INPUT), box(0, 0, 0.5, 1));
  });

  it('is null for a box that lies wholly in a bar or out of the input', () => {
    const placement = placePicture(WIDE, INPUT, 'letterbox');
    assert.equal(boxInPicture(box(0.1, 0.01, 0.5, 0.1), placement, INPUT), null);
    assert.equal(boxInPicture(box(1.01, 0.4, 1.2, 0.6), placement, INPUT), null);
  });
});
