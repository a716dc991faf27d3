import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tensorBytes } from '../../bench/model-input.js';

const PIXELS = Uint8Array.of(0, 127, 128, 255);

function tensor(dtype: string) {
  return { name: 'input', shape: [1, 1, 4, 1], dtype, scale: null, zeroPoint: null };
}

describe('tensorBytes', () => {
  it('keeps pixels for uint8 and moves them by 128 for int8', () => {
    assert.deepEqual(tensorBytes(PIXELS, tensor('uint8')), PIXELS);
    const bytes = tensorBytes(PIXELS, tensor('int8'));
    assert.deepEqual([...new Int8Array(bytes.slice().buffer)], [-128, -1, 0, 127]);
  });

  it('spreads pixels from -1 to 1 for float32', () => {
    const bytes = tensorBytes(PIXELS, tensor('float32'));
    const values = new Float32Array(bytes.slice().buffer);
    assert.equal(values.length, 4);
    assert.equal(values[0], -1);
    assert.equal(values[3], 1);
  });

  it('refuses other types', () => {
    assert.throws(() => tensorBytes(PIXELS, tensor('int32')), /its input is int32, expected uint8/);
  });
});
