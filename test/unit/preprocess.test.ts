import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Preprocessor } from '../../src/detection/preprocess.js';
import type { Fit, ModelInput } from '../../src/domain/detector-model.js';
import { type Frame, frameByteLength } from '../../src/domain/frame.js';
import { rgbOf } from '../helpers/colours.js';
import { makeFrame, plainFrame } from '../helpers/frames.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

function inputOf(widthPx: number, heightPx: number): ModelInput {
  return { widthPx, heightPx, dtype: 'uint8', scale: 1 / 255, zeroPoint: 0, normalisation: null };
}

/** What the model's input holds after the frame. */
function prepare(frame: Frame, input: ModelInput, fit: Fit = 'stretch'): Uint8Array {
  const target = new Uint8Array(input.widthPx * input.heightPx * 3);
  new Preprocessor(frame, input, fit).run(frame, target);
  return target;
}

function pixel(data: Uint8Array, width: number, x: number, y: number): number[] {
  const at = (y * width + x) * 3;
  return [...data.subarray(at, at + 3)];
}

function fillRandom(frame: Frame, seed: number): Frame {
  const random = seededRandom(seed);
  for (let i = 0; i < frame.data.length; i++) frame.data[i] = seededInteger(random, 256);
  return frame;
}

/** The same picture with rows that are longer than their pixels, the rest filled with junk. */
function padded(frame: Frame, strideBytes: number, chromaStrideBytes: number): Frame {
  const wide = { ...frame, strideBytes, chromaStrideBytes };
  const data = new Uint8Array(frameByteLength(wide)).fill(0xab);
  let [from, to] = [0, 0];
  const copy = (rows: number, tight: number, stride: number): void => {
    for (let y = 0; y < rows; y++, from += tight, to += stride) {
      data.set(frame.data.subarray(from, from + tight), to);
    }
  };
  copy(frame.heightPx, frame.strideBytes, strideBytes);
  const chromaRows = Math.ceil(frame.heightPx / 2);
  copy(chromaRows, frame.chromaStrideBytes, chromaStrideBytes);
  copy(chromaRows, frame.chromaStrideBytes, chromaStrideBytes);
  return { ...wide, data };
}

/** 41x31 pixels, the left half red, the right half blue. */
function redBesideBlue(): Frame {
  const frame = makeFrame({ pixelFormat: 'yuv420p', widthPx: 41, heightPx: 31 });
  const fill = (
    at: number,
    width: number,
    rows: number,
    values: readonly [number, number],
  ): void => {
    for (let i = 0; i < width * rows; i++) {
      frame.data[at + i] = values[i % width < (width + 1) / 2 ? 0 : 1];
    }
  };
  fill(0, 41, 31, [76, 29]);
  fill(41 * 31, 21, 16, [85, 255]);
  fill(41 * 31 + 21 * 16, 21, 16, [255, 107]);
  return frame;
}

describe('Preprocessor', () => {
  it('passes rgb24 of the model’s size unchanged', () => {
    const frame = fillRandom(makeFrame({ widthPx: 300, heightPx: 300 }), 1);
    assert.deepEqual(prepare(frame, inputOf(300, 300)), new Uint8Array(frame.data));
  });

  it('turns grey YUV into the same grey', () => {
    for (const grey of [0, 1, 64, 127, 200, 255]) {
      const frame = plainFrame('yuv420p', 640, 480, [grey, 128, 128]);
      const result = new Set(prepare(frame, inputOf(300, 300)));
      assert.deepEqual([...result], [grey]);
    }
  });

  it('turns full-range BT.601 primaries into RGB', () => {
    // Y = 0.299 R + 0.587 G + 0.114 B, U = 128 + (B − Y) / 1.772, V = 128 + (R − Y) / 1.402
    const colours = [
      { name: 'red', yuv: [76, 85, 255], rgb: [255, 0, 0] },
      { name: 'green', yuv: [150, 44, 21], rgb: [0, 255, 0] },
      { name: 'blue', yuv: [29, 255, 107], rgb: [0, 0, 255] },
      { name: 'yellow', yuv: [226, 0, 149], rgb: [255, 255, 0] },
      { name: 'white', yuv: [255, 128, 128], rgb: [255, 255, 255] },
    ] as const;
    for (const { name, yuv, rgb } of colours) {
      const result = prepare(plainFrame('yuv420p', 32, 24, yuv), inputOf(16, 16));
      rgb.forEach((expected, channel) => {
        const actual = pixel(result, 16, 8, 8)[channel]!;
        assert.ok(Math.abs(actual - expected) <= 2, `${name}: ${pixel(result, 16, 8, 8)}`);
      });
    }
  });

  it('is within 1 of the formula for any colour', () => {
    const random = seededRandom(4);
    const [input, byte] = [inputOf(2, 2), () => seededInteger(random, 256)];
    for (const colours of ['jpeg', 'bt601', 'bt709'] as const) {
      for (let i = 0; i < 500; i++) {
        const yuv = [byte(), byte(), byte()] as const;
        const exact = rgbOf(yuv, colours);
        const frame = { ...plainFrame('yuv420p', 2, 2, yuv), colours };
        const actual = pixel(prepare(frame, input), 2, 1, 1);
        const furthest = Math.max(
          ...actual.map((value, channel) => Math.abs(value - exact[channel]!)),
        );
        assert.ok(furthest <= 1.1, `${colours} ${yuv}: ${actual} for ${exact}`);
      }
    }
  });

  it('keeps colours where they are in the picture, also of odd sizes', () => {
    const frame = redBesideBlue();
    const result = prepare(frame, inputOf(21, 17));
    for (const y of [0, 8, 16]) {
      const [left, right] = [pixel(result, 21, 2, y), pixel(result, 21, 18, y)];
      assert.ok(left[0]! > 250 && left[2]! < 5, `left at ${y}: ${left}`);
      assert.ok(right[0]! < 5 && right[2]! > 250, `right at ${y}: ${right}`);
    }
  });

  it('gives the same bits for padded rows', () => {
    const yuv = fillRandom(makeFrame({ pixelFormat: 'yuv420p', widthPx: 39, heightPx: 27 }), 2);
    const rgb = fillRandom(makeFrame({ widthPx: 39, heightPx: 27 }), 3);
    const input = inputOf(30, 30);
    assert.deepEqual(prepare(padded(yuv, 64, 32), input), prepare(yuv, input));
    assert.deepEqual(prepare(padded(rgb, 128, 0), input), prepare(rgb, input));
  });

  it('centres a letterboxed picture between grey bars, both ways and in both formats', () => {
    const white = { rgb24: [255, 255, 255], yuv420p: [255, 128, 128] } as const;
    for (const format of ['rgb24', 'yuv420p'] as const) {
      const wide = prepare(plainFrame(format, 64, 48, white[format]), inputOf(32, 32), 'letterbox');
      const tall = prepare(plainFrame(format, 48, 64, white[format]), inputOf(32, 32), 'letterbox');
      for (let i = 0; i < 32; i++) {
        const expected = i < 4 || i >= 28 ? [114, 114, 114] : [255, 255, 255];
        assert.deepEqual(pixel(wide, 32, 16, i), expected, `row ${i}`);
        assert.deepEqual(pixel(tall, 32, i, 16), expected, `column ${i}`);
      }
    }
  });

  it('writes bars and pixels as the model stores them', () => {
    const input: ModelInput = { ...inputOf(8, 8), dtype: 'float32', scale: 1 };
    const target = new Float32Array(8 * 8 * 3);
    const frame = plainFrame('rgb24', 16, 8, [255, 0, 255]);
    new Preprocessor(frame, input, 'letterbox').run(frame, target);
    assert.deepEqual([...target.subarray(0, 3)], Array(3).fill(Math.fround(114 / 127.5 - 1)));
    assert.deepEqual([...target.subarray(8 * 4 * 3, 8 * 4 * 3 + 3)], [1, -1, 1]);
  });

  it('leaves nothing of the frame before', () => {
    const input = inputOf(32, 32);
    const [first, second] = [1, 2].map((seed) =>
      fillRandom(makeFrame({ pixelFormat: 'yuv420p', widthPx: 64, heightPx: 48 }), seed),
    ) as [Frame, Frame];
    const preprocessor = new Preprocessor(first, input, 'letterbox');
    const target = new Uint8Array(32 * 32 * 3);
    preprocessor.run(first, target);
    target.fill(7);
    preprocessor.run(second, target);
    assert.deepEqual(target, prepare(second, input, 'letterbox'));
  });

  it('accepts frames of its own layout only', () => {
    const frame = makeFrame({ widthPx: 64, heightPx: 48 });
    const preprocessor = new Preprocessor(frame, inputOf(32, 32), 'stretch');
    assert.ok(preprocessor.accepts({ ...frame, sequence: 9 } as Frame));
    assert.ok(!preprocessor.accepts({ ...frame, strideBytes: 256 }));
    assert.ok(!preprocessor.accepts({ ...frame, heightPx: 47 }));
    assert.ok(!preprocessor.accepts({ ...frame, pixelFormat: 'yuv420p' }));
  });

  it('refuses a frame that is shorter than its layout says', () => {
    const frame = makeFrame({ pixelFormat: 'yuv420p', widthPx: 64, heightPx: 48 });
    const short = { ...frame, data: frame.data.slice(0, -1) };
    assert.throws(() => prepare(short, inputOf(32, 32)), /it has 4607 bytes, expected 4608/);
  });
});
