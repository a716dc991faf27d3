import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pixelValues } from '../../src/detection/pixel-values.js';
import type { ModelInput } from '../../src/domain/detector-model.js';

function inputOf(values: Partial<ModelInput>): ModelInput {
  return {
    widthPx: 300,
    heightPx: 300,
    dtype: 'uint8',
    scale: 1 / 255,
    zeroPoint: 0,
    normalisation: null,
    ...values,
  };
}

/** What the input stores for a few pixel values. */
function stored(input: Partial<ModelInput>, pixels: readonly number[]): number[] {
  const values = pixelValues(inputOf(input));
  return pixels.map((pixel) => values[pixel]!);
}

const ALL_PIXELS = Array.from({ length: 256 }, (_, pixel) => pixel);

describe('pixelValues', () => {
  it('gives uint8 inputs the pixels as they are, whatever the scale', () => {
    assert.deepEqual(stored({}, ALL_PIXELS), ALL_PIXELS);
    assert.deepEqual(stored({ scale: 0.0078125, zeroPoint: 128 }, ALL_PIXELS), ALL_PIXELS);
  });

  it('gives int8 inputs of the range 0..1 the pixel less 128', () => {
    const expected = ALL_PIXELS.map((pixel) => pixel - 128);
    const actual = stored({ dtype: 'int8', scale: 1 / 255, zeroPoint: -128 }, ALL_PIXELS);
    assert.deepEqual(actual, expected);
  });

  it('spreads int8 inputs of the range -1..1 over all steps', () => {
    const input = { dtype: 'int8', scale: 2 / 255, zeroPoint: -1 } as const;
    const actual = stored(input, ALL_PIXELS);
    assert.deepEqual([actual[0], actual[127], actual[128], actual[255]], [-128, -1, 0, 127]);
    ALL_PIXELS.forEach((pixel) => {
      const real = (actual[pixel]! - input.zeroPoint) * input.scale;
      assert.ok(Math.abs(real - (pixel / 127.5 - 1)) <= input.scale * 0.51, `pixel ${pixel}`);
    });
  });

  it('gives int8 inputs of the range 0..255 the pixel less 128', () => {
    const expected = ALL_PIXELS.map((pixel) => pixel - 128);
    assert.deepEqual(stored({ dtype: 'int8', scale: 1, zeroPoint: -128 }, ALL_PIXELS), expected);
  });

  it("follows a model's own normalisation in int8", () => {
    const input = { dtype: 'int8', scale: 0.5, zeroPoint: 3, normalisation: { mean: 10, std: 2 } };
    // (p − 10) / 2 / 0.5 + 3
    assert.deepEqual(stored(input as ModelInput, [10, 20, 30]), [3, 13, 23]);
  });

  it('keeps int8 values between -128 and 127', () => {
    const input = { dtype: 'int8', scale: 0.001, zeroPoint: 0 } as const;
    assert.deepEqual(stored(input, [0, 255]), [0, 127]);
    assert.deepEqual(stored({ ...input, normalisation: { mean: 200, std: 1 } }, [0]), [-128]);
  });

  it('gives float32 inputs -1..1 unless the model says otherwise', () => {
    const input = { dtype: 'float32', scale: 1, zeroPoint: 0 } as const;
    assert.deepEqual(stored(input, [0, 255]), [-1, 1]);
    const normalisation = { mean: 0, std: 255 };
    assert.deepEqual(stored({ ...input, normalisation }, [0, 51, 255]), [0, Math.fround(0.2), 1]);
  });
});
