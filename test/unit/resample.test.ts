import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlaneResampler } from '../../src/detection/resample.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

function size(widthPx: number, heightPx: number): Size {
  return { widthPx, heightPx };
}

/** Scales packed bytes and gives a copy of the result. */
function resample(data: Uint8Array, from: Size, to: Size, channels = 1): number[] {
  const resampler = new PlaneResampler(from, to, channels);
  resampler.run({ data, offsetBytes: 0, strideBytes: from.widthPx * channels });
  return [...resampler.output];
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

describe('PlaneResampler', () => {
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

  it('treats three channels as three planes, also where one channel has a faster way', () => {
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

  it('reads a plane at its offset and stride and nothing beside it', () => {
    const [from, to] = [size(13, 11), size(7, 5)];
    const packed = randomBytes(13 * 11, 9);
    const padded = new Uint8Array(100 + 32 * 11).fill(255);
    for (let y = 0; y < 11; y++) padded.set(packed.subarray(y * 13, y * 13 + 13), 100 + y * 32);
    const resampler = new PlaneResampler(from, to, 1);
    resampler.run({ data: padded, offsetBytes: 100, strideBytes: 32 });
    assert.deepEqual([...resampler.output], resample(packed, from, to));
  });

  it('starts every run afresh', () => {
    const [from, to] = [size(20, 20), size(9, 9)];
    const resampler = new PlaneResampler(from, to, 1);
    const plane = (data: Uint8Array) => ({ data, offsetBytes: 0, strideBytes: 20 });
    resampler.run(plane(randomBytes(400, 1)));
    const second = randomBytes(400, 2);
    resampler.run(plane(second));
    assert.deepEqual([...resampler.output], resample(second, from, to));
  });
});
