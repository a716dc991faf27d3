import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PixelGeometry, planPixels } from '../../src/detection/pixel-kernel.js';
import { Preprocessor } from '../../src/detection/preprocess.js';
import type { Fit, ModelInput, TensorDtype } from '../../src/domain/detector-model.js';
import { type Frame, frameByteLength, type PixelFormat } from '../../src/domain/frame.js';
import { makeFrame } from '../helpers/frames.js';
import { plainPreprocess } from '../helpers/plain-preprocess.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

const COLOURS = ['jpeg', 'bt601', 'bt709'] as const;
const ARRAY = { uint8: Uint8Array, int8: Int8Array, float32: Float32Array };
const VALUES = Uint8Array.from({ length: 256 }, (_, pixel) => pixel);

/** A frame full of noise, its rows `padding` bytes longer than their pixels. */
function noise(
  pixelFormat: PixelFormat,
  widthPx: number,
  heightPx: number,
  random: () => number,
): Frame {
  const packed = makeFrame({ pixelFormat, widthPx, heightPx, data: new Uint8Array(0) });
  const layout = {
    ...packed,
    colours: COLOURS[seededInteger(random, 3)] ?? 'jpeg',
    strideBytes: packed.strideBytes + seededInteger(random, 3) * 13,
    chromaStrideBytes: packed.chromaStrideBytes + (packed.chromaStrideBytes && 5),
  };
  const data = new Uint8Array(frameByteLength(layout));
  for (let i = 0; i < data.length; i++) data[i] = seededInteger(random, 256);
  return { ...layout, data };
}

function inputOf(dtype: TensorDtype, widthPx: number, heightPx: number): ModelInput {
  const scale = dtype === 'int8' ? 2 / 255 : 1;
  return { widthPx, heightPx, dtype, scale, zeroPoint: -1, normalisation: null };
}

/** Compares the kernel with the plain loops, between bytes that must stay as they are. */
function compare(frame: Frame, input: ModelInput, fit: Fit): void {
  const { dtype, widthPx, heightPx } = input;
  const length = widthPx * heightPx * 3;
  const guarded = new ARRAY[dtype](length + 32).fill(77);
  new Preprocessor(frame, input, fit).run(frame, guarded.subarray(16, 16 + length));
  const what = `${frame.pixelFormat} ${frame.widthPx}x${frame.heightPx}, ${fit} to ${widthPx}x${heightPx} ${dtype}`;
  assert.deepEqual([...guarded.subarray(16, -16)], plainPreprocess(frame, input, fit), what);
  const guards = [...guarded.subarray(0, 16), ...guarded.subarray(-16)];
  assert.deepEqual(guards, Array(32).fill(77), `beside ${what}`);
}

function geometryOf(changes: Partial<Record<keyof PixelGeometry, unknown>> = {}): PixelGeometry {
  const geometry: Record<keyof PixelGeometry, unknown> = {
    widthPx: 8,
    heightPx: 6,
    strideBytes: 8,
    chromaStrideBytes: 4,
    colours: 0,
    inputWidthPx: 5,
    inputHeightPx: 5,
    pictureWidthPx: 5,
    pictureHeightPx: 3,
    xPx: 0,
    yPx: 1,
    barValue: 114,
    ...changes,
  };
  return geometry as unknown as PixelGeometry;
}

describe('planPixels', () => {
  it('gives the bits of the plain loops for random sizes, strides, types and fits', () => {
    const random = seededRandom(11);
    const pick = <T>(choices: readonly T[]): T => choices[seededInteger(random, choices.length)]!;
    for (let i = 0; i < 150; i++) {
      const frame = noise(
        pick(['rgb24', 'yuv420p']),
        1 + seededInteger(random, pick([4, 40, 200])),
        1 + seededInteger(random, pick([4, 40, 100])),
        random,
      );
      const [width, height] = [1 + seededInteger(random, 60), 1 + seededInteger(random, 60)];
      const input = inputOf(pick(['uint8', 'int8', 'float32']), width, height);
      compare(frame, input, pick(['stretch', 'letterbox']));
    }
  });

  it('gives the bits of the plain loops at the sizes of cameras, models and extremes', () => {
    const random = seededRandom(12);
    const sizes = [
      [640, 480, 300, 300],
      [768, 432, 320, 320],
      [1999, 3, 300, 40],
      [2000, 40, 50, 1],
      [3, 2000, 2, 50],
      [1, 1, 1, 1],
      [1, 1, 33, 17],
      [7, 5, 300, 200],
    ] as const;
    for (const [widthPx, heightPx, toWidth, toHeight] of sizes) {
      for (const format of ['yuv420p', 'rgb24'] as const) {
        const frame = noise(format, widthPx, heightPx, random);
        compare(frame, inputOf('uint8', toWidth, toHeight), 'stretch');
      }
    }
  });

  it('is exact where every sum is as large as it can be', () => {
    for (const [widthPx, to] of [[640, 300] as const, [1000, 3] as const, [5, 64] as const]) {
      const frame = makeFrame({ widthPx, heightPx: widthPx });
      frame.data.fill(255);
      const target = new Uint8Array(to * to * 3);
      new Preprocessor(frame, inputOf('uint8', to, to), 'stretch').run(frame, target);
      assert.deepEqual([...new Set(target)], [255]);
    }
  });

  it('refuses numbers that do not fit each other', () => {
    const wrong = {
      widthPx: [0, -1, 65536, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '8', undefined],
      heightPx: [0, 65536, null, {}],
      strideBytes: [7, 262141, -8],
      chromaStrideBytes: [3, 0, -1, 262141],
      inputWidthPx: [0, 4, 65536],
      inputHeightPx: [0, 2, 65536],
      pictureWidthPx: [0, 6, 2 ** 32 + 5],
      pictureHeightPx: [0, 6],
      xPx: [1, -1],
      yPx: [3, -1],
      colours: [3, -1, 'jpeg'],
      barValue: [256, -1, 0.5],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        const plan = () => planPixels(geometryOf({ [name]: value }), VALUES);
        assert.throws(plan, RangeError, `${name} ${String(value)}`);
      }
    }
    assert.throws(
      () => planPixels(geometryOf({ strideBytes: 7 }), VALUES),
      /Cannot plan the pixels: strideBytes is 7, expected a whole number from 8 to 262140/,
    );
    for (const geometry of [3, 'x', [], Symbol('x')]) {
      assert.throws(() => planPixels(geometry as never, VALUES), RangeError);
    }
    for (const geometry of [undefined, null]) {
      assert.throws(() => planPixels(geometry as never, VALUES), TypeError);
    }
  });

  it('passes on what a property throws', () => {
    const geometry = {
      ...geometryOf(),
      get heightPx(): number {
        throw new Error('no height');
      },
    };
    assert.throws(() => planPixels(geometry, VALUES), /no height/);
  });

  it('refuses values of another type or number', () => {
    for (const values of [
      new Uint8Array(255),
      new Uint16Array(256),
      [],
      undefined,
      VALUES.buffer,
    ]) {
      assert.throws(() => planPixels(geometryOf(), values as never), /256 values/);
    }
  });

  it('refuses frames and targets that are not what was planned, and stays usable', () => {
    const run = planPixels(geometryOf(), VALUES);
    const [frame, target] = [new Uint8Array(48 + 24), new Uint8Array(75)];
    const wrongType = [undefined, null, 5, {}, 'x', frame.buffer, new DataView(frame.buffer)];
    for (const value of [...wrongType, new Int8Array(72), new Uint16Array(72)]) {
      assert.throws(() => run(value as never, target), TypeError);
    }
    for (const value of [...wrongType, new Int8Array(75), new Float32Array(75)]) {
      assert.throws(() => run(frame, value as never), TypeError);
    }
    assert.throws(() => (run as () => void)(), TypeError);
    const short = { name: 'RangeError', message: /it has 71 bytes, expected 72/ };
    assert.throws(() => run(frame.subarray(1), target), short);
    assert.throws(() => run(frame, target.subarray(1)), /it has 74 bytes, expected 75/);
    assert.throws(() => run(frame, new Uint8Array(76)), /it has 76 bytes, expected 75/);
    run(frame, target);
    assert.equal(target[0], 114);
  });

  it('refuses memory that was handed over to another thread', () => {
    const run = planPixels(geometryOf(), VALUES);
    const [frame, target] = [new Uint8Array(72), new Uint8Array(75)];
    const gone = new Uint8Array(75);
    structuredClone(gone, { transfer: [gone.buffer] });
    assert.throws(() => run(gone, target), /it has 0 bytes, expected 72/);
    assert.throws(() => run(frame, gone), /it has 0 bytes, expected 75/);
  });

  it('says how to build the compiled part where it is missing', () => {
    const plan = () => planPixels(geometryOf(), VALUES, '/nowhere/preprocess.node');
    assert.throws(plan, /Cannot load "\/nowhere\/preprocess.node": .*npm run install/);
  });
});
