import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BACKGROUND, Canvas, type Point } from '../../src/camera/synthetic/canvas.js';
import { SeededRandom } from '../../src/camera/synthetic/random.js';

const WIDTH = 60;
const HEIGHT = 40;
const WHITE = [255, 255, 255] as const;

/** Sum of all pixels' shares of white, which is the area that was filled. */
function filledArea(canvas: Canvas): number {
  let sum = 0;
  for (let i = 0; i < canvas.pixels.length; i += 3) sum += (canvas.pixels[i] ?? 0) / 255;
  return sum;
}

/** Area by the shoelace formula, with a sign. */
function areaOf(path: readonly Point[]): number {
  return path.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = path[(i + 1) % path.length] ?? [0, 0];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}

function polygon(random: SeededRandom, radius: number): Point[] {
  const corners = 3 + random.whole(9);
  return Array.from({ length: corners }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / corners;
    const distance = radius * random.between(0.5, 1);
    return [30 + distance * Math.cos(angle), 20 + distance * Math.sin(angle)];
  });
}

describe('Canvas', () => {
  it('fills exactly the area of a polygon, whichever way it runs', () => {
    const random = new SeededRandom(1);
    for (let run = 0; run < 200; run++) {
      const path = polygon(random, random.between(1, 18));
      for (const way of [path, path.toReversed()]) {
        const canvas = new Canvas(WIDTH, HEIGHT);
        canvas.fill([way], WHITE, 1);
        const off = Math.abs(filledArea(canvas) - Math.abs(areaOf(path)));
        // Each pixel of the edge is rounded down to whole steps of 255.
        assert.ok(off < 0.6, `run ${run}: off by ${off} of ${Math.abs(areaOf(path))}`);
      }
    }
  });

  it('leaves holes open', () => {
    const canvas = new Canvas(WIDTH, HEIGHT);
    const outer: Point[] = [
      [10, 10],
      [30, 10],
      [30, 30],
      [10, 30],
    ];
    const hole: Point[] = [
      [15, 15],
      [15, 25],
      [25, 25],
      [25, 15],
    ];
    canvas.fill([outer, hole], WHITE, 1);
    assert.equal(filledArea(canvas), 300);
  });

  it('draws what is inside of a shape that reaches over every edge of the picture', () => {
    for (const [left, top, right, bottom] of [
      [-20, 5, 10, 15],
      [50, 5, 90, 15],
      [5, -30, 15, 10],
      [5, 30, 15, 90],
      [-50, -50, 200, 200],
    ] as const) {
      const canvas = new Canvas(WIDTH, HEIGHT);
      canvas.fill(
        [
          [
            [left, top],
            [right, top],
            [right, bottom],
            [left, bottom],
          ],
        ],
        WHITE,
        1,
      );
      const width = Math.min(WIDTH, right) - Math.max(0, left);
      const height = Math.min(HEIGHT, bottom) - Math.max(0, top);
      assert.equal(filledArea(canvas), width * height);
    }
  });

  it('leaves nothing behind for the next shape', () => {
    const random = new SeededRandom(2);
    const used = new Canvas(WIDTH, HEIGHT);
    const black = new Uint8Array(WIDTH * HEIGHT * 3);
    for (let run = 0; run < 50; run++) {
      const path = polygon(random, 60).map(([x, y]): Point => [x * 1.7 - 20, y * 1.7 - 10]);
      used.begin(black);
      used.fill([path], WHITE, 1);
      const fresh = new Canvas(WIDTH, HEIGHT);
      fresh.fill([path], WHITE, 1);
      assert.deepEqual(used.pixels, fresh.pixels);
    }
  });

  it('knows of each owner what was drawn, what is visible and where', () => {
    const canvas = new Canvas(WIDTH, HEIGHT);
    const square = (x: number): Point[] => [
      [x, 10],
      [x + 10, 10],
      [x + 10, 20],
      [x, 20],
    ];
    canvas.fill([square(10)], WHITE, 1);
    canvas.fill([square(15)], WHITE, 2);
    // Drawing over oneself counts once.
    canvas.fill([square(16)], WHITE, 2);
    canvas.fill([square(10)], WHITE, BACKGROUND, 0.3);
    assert.deepEqual(canvas.coverageOf(1), {
      drawnPx: 100,
      visiblePx: 50,
      box: { left: 10, top: 10, right: 20, bottom: 20 },
    });
    assert.deepEqual(canvas.coverageOf(2), {
      drawnPx: 110,
      visiblePx: 110,
      box: { left: 15, top: 10, right: 26, bottom: 20 },
    });
    assert.equal(canvas.coverageOf(3), null);
  });
});
