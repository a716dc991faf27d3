import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COLOUR_CODES, type PixelRun, planPixels } from '../../src/detection/pixel-kernel.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

function size(widthPx: number, heightPx: number): Size {
  return { widthPx, heightPx };
}

const PLAIN_VALUES = Uint8Array.from({ length: 256 }, (_, pixel) => pixel);

/** Scales rgb24 or, where there is a chroma stride, yuv420p, and nothing else. */
function planScaling(from: Size, to: Size, strideBytes: number, chromaStrideBytes = 0): PixelRun {
  const placed = {
    inputWidthPx: to.widthPx,
    inputHeightPx: to.heightPx,
    pictureWidthPx: to.widthPx,
    pictureHeightPx: to.heightPx,
    xPx: 0,
    yPx: 0,
  };
  const rest = { strideBytes, chromaStrideBytes, colours: COLOUR_CODES.jpeg, barValue: 0 };
  const geometry = { ...from, ...placed, ...rest };
  return planPixels(geometry, PLAIN_VALUES);
}

/** Scales packed bytes; those of one channel as the luma of a picture without colour. */
function resample(data: Uint8Array, from: Size, to: Size, channels: 1 | 3 = 1): number[] {
  const target = new Uint8Array(to.widthPx * to.heightPx * 3);
  if (channels === 3) {
    planScaling(from, to, from.widthPx * 3)(data, target);
    return [...target];
  }
  const chromaWidth = Math.ceil(from.widthPx / 2);
  const frame = new Uint8Array(data.length + 2 * chromaWidth * Math.ceil(from.heightPx / 2));
  frame.fill(128).set(data);
  planScaling(from, to, from.widthPx, chromaWidth)(frame, target);
  return [...target.filter((_, i) => i % 3 === 0)];
}

function randomBytes(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => seededInteger(random, 256));
}

/** What `resample` has to give, in floating point and without any tricks. */
function exactly(data: Uint8Array, from: Size, to: Size): number[] {
  const across = shares(from.widthPx, to.widthPx);
  const down = shares(from.heightPx, to.heightPx);
  return down.flatMap((rows) =>
    across.map((columns) => {
      let sum = 0;
      for (const [y, rowShare] of rows) {
        for (const [x, share] of columns) sum += data[y * from.widthPx + x]! * rowShare * share;
      }
      return sum;
    }),
  );
}

/** For each output position the source positions and their shares, which sum to 1. */
function shares(from: number, to: number): [number, number][][] {
  return Array.from({ length: to }, (_, i) => {
    const centre = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const list: [number, number][] = [];
    for (let at = 0; at < from; at++) {
      const covered =
        (Math.min(at + 1, ((i + 1) * from) / to) - Math.max(at, (i * from) / to)) / (from / to);
      const share = from > to ? covered : 1 - Math.abs(at - centre);
      if (share > 0) list.push([at, share]);
    }
    return list;
  });
}

const SIZES: readonly (readonly [Size, Size])[] = [
  [size(640, 480), size(300, 300)],
  [size(301, 203), size(300, 200)],
  [size(100, 100), size(33, 7)],
  [size(31, 17), size(64, 48)],
  [size(1, 1), size(5, 4)],
  [size(1200, 9), size(300, 3)],
  [size(3, 3), size(3, 3)],
];

describe('resample', () => {
  it('keeps a constant plane constant at every value and size', () => {
    for (const [from, to] of [...SIZES, [size(1000, 1000), size(2, 3)] as const]) {
      for (const value of [0, 1, 127, 254, 255]) {
        const data = new Uint8Array(from.widthPx * from.heightPx).fill(value);
        const result = new Set(resample(data, from, to));
        assert.deepEqual([...result], [value], `${from.widthPx}x${from.heightPx}`);
      }
    }
  });

  it('copies a plane of the same size', () => {
    const data = randomBytes(40 * 30 * 3, 1);
    assert.deepEqual(resample(data, size(40, 30), size(40, 30), 3), [...data]);
  });

  it('gives the exact mean of four pixels when halving', () => {
    const data = Uint8Array.from([0, 4, 255, 255, 8, 12, 255, 254]);
    assert.deepEqual(resample(data, size(4, 2), size(2, 1)), [6, 255]);
  });

  it('keeps a ramp a ramp', () => {
    const ramp = Uint8Array.from({ length: 256 }, (_, x) => x);
    const half = resample(ramp, size(256, 1), size(128, 1));
    half.forEach((value, x) => {
      assert.ok(Math.abs(value - (2 * x + 0.5)) <= 1, `${x}: ${value}`);
    });
    const short = Uint8Array.from({ length: 64 }, (_, x) => x * 4);
    const long = resample(short, size(64, 1), size(256, 1));
    for (let x = 2; x < 254; x++) {
      assert.ok(Math.abs(long[x]! - (x - 1.5)) <= 1, `${x}: ${long[x]}`);
    }
  });

  it('interpolates between the nearest pixels when growing and repeats the edges', () => {
    const data = Uint8Array.from([0, 100]);
    assert.deepEqual(resample(data, size(2, 1), size(4, 1)), [0, 25, 75, 100]);
  });

  it('is within 2 of floating point for random pictures of many sizes', () => {
    SIZES.forEach(([from, to], seed) => {
      const data = randomBytes(from.widthPx * from.heightPx, seed);
      const actual = resample(data, from, to);
      exactly(data, from, to).forEach((expected, i) => {
        assert.ok(Math.abs(actual[i]! - expected) <= 2, `${i}: ${actual[i]} for ${expected}`);
      });
    });
  });

  it('weighs every pixel alike when it shrinks by more than its weights can tell apart', () => {
    // 600 pixels into one with weights of 1/256: none may count for many others, or negative.
    const from = size(600, 1);
    for (let bright = 0; bright < 600; bright += 7) {
      const data = new Uint8Array(600).fill(100);
      data[bright] = 255;
      const [mean = 0] = resample(data, from, size(1, 1));
      assert.ok(mean >= 100 && mean <= 101, `pixel ${bright}: ${mean}`);
    }
  });

  it('treats three channels as three planes', () => {
    for (const [from, to] of SIZES) {
      const pixels = from.widthPx * from.heightPx;
      const data = randomBytes(pixels * 3, 5);
      const together = resample(data, from, to, 3);
      for (let channel = 0; channel < 3; channel++) {
        const plane = Uint8Array.from({ length: pixels }, (_, i) => data[i * 3 + channel]!);
        const alone = resample(plane, from, to);
        const ofChannel = together.filter((_, i) => i % 3 === channel);
        assert.deepEqual(ofChannel, alone, `${from.widthPx}x${from.heightPx}`);
      }
    }
  });

  it('reads rows at their stride and nothing beside them', () => {
    const [from, to] = [size(13, 11), size(7, 5)];
    const packed = randomBytes(39 * 11, 9);
    const padded = new Uint8Array(64 * 11).fill(255);
    for (let y = 0; y < 11; y++) padded.set(packed.subarray(y * 39, y * 39 + 39), y * 64);
    const target = new Uint8Array(7 * 5 * 3);
    planScaling(from, to, 64)(padded, target);
    assert.deepEqual([...target], resample(packed, from, to, 3));
  });

  it('starts every run afresh', () => {
    const [from, to] = [size(20, 20), size(9, 9)];
    const run = planScaling(from, to, 60);
    const target = new Uint8Array(9 * 9 * 3);
    run(randomBytes(1200, 1), target);
    const second = randomBytes(1200, 2);
    run(second, target);
    assert.deepEqual([...target], resample(second, from, to, 3));
  });
});
