import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DetectorModel } from '../../src/domain/detector-model.js';
import { ModelError, type ModelErrorCode } from '../../src/errors.js';
import {
  describeDetector,
  describeFile,
  type ModelChoices,
} from '../../src/models/detector-model.js';
import { INT8, type ModelWish, tinyModelBytes, UINT8 } from '../helpers/tiny-model.js';

function detectorOf(wish: ModelWish, choices: Partial<ModelChoices> = {}): DetectorModel {
  const model = tinyModelBytes(wish);
  return describeDetector(model, describeFile(model), { labelText: null, fit: 'auto', ...choices });
}

function assertRefused(wish: ModelWish, code: ModelErrorCode, message: RegExp): void {
  assert.throws(
    () => detectorOf(wish),
    (thrown) => {
      assert.ok(thrown instanceof ModelError);
      assert.match(thrown.message, /^Cannot use model "tiny\.tflite": /);
      assert.match(thrown.message, message);
      assert.equal(thrown.code, code);
      return true;
    },
  );
}

describe('describeDetector', () => {
  it('takes size, type and quantisation of the input from the file', () => {
    const input = { shape: [1, 96, 128, 3], type: INT8, scale: 0.5, zeroPoint: -7 };
    assert.deepEqual(detectorOf({ input }).input, {
      widthPx: 128,
      heightPx: 96,
      dtype: 'int8',
      scale: 0.5,
      zeroPoint: -7,
      normalisation: null,
    });
  });

  it('takes float32 inputs without quantisation', () => {
    const { dtype, scale, zeroPoint } = detectorOf({ input: { shape: [1, 8, 8, 3] } }).input;
    assert.deepEqual([dtype, scale, zeroPoint], ['float32', 1, 0]);
  });

  it('finds the results in the order of the graph', () => {
    assert.deepEqual(detectorOf({ graphOutputs: [2, 0, 3, 1] }).outputLayout, {
      kind: 'postprocess',
      boxesIndex: 1,
      classesIndex: 3,
      scoresIndex: 0,
      countIndex: 2,
    });
  });

  it('counts classes as the operator does to tell a background line from a class', () => {
    const labelText = 'background\nQR_Code';
    assert.deepEqual(detectorOf({ classCount: 1 }, { labelText }).labels, ['QR_Code']);
    assert.deepEqual(detectorOf({ classCount: 2 }, { labelText }).labels, [
      'background',
      'QR_Code',
    ]);
  });

  it('takes labels packed into the model, and a label file rather than those', () => {
    const files = { 'labelmap.txt': 'apple\npear\n' };
    assert.deepEqual(detectorOf({ files }).labels, ['apple', 'pear']);
    assert.deepEqual(detectorOf({ files }, { labelText: 'dog\ncat' }).labels, ['dog', 'cat']);
  });

  it('has no labels where the model carries none or cannot be sure which', () => {
    assert.deepEqual(detectorOf({}).labels, []);
    assert.deepEqual(detectorOf({ files: { 'a.txt': 'apple', 'b.txt': 'pear' } }).labels, []);
    assert.deepEqual(detectorOf({ files: { 'huge.txt': 'x\n'.repeat(600_000) } }).labels, []);
  });

  it('refuses a label file that names nothing', () => {
    assert.throws(() => detectorOf({}, { labelText: '\n\n' }), /its label file names no class/);
  });

  it('stretches unless letterboxing is asked for', () => {
    assert.equal(detectorOf({}).fit, 'stretch');
    assert.equal(detectorOf({}, { fit: 'letterbox' }).fit, 'letterbox');
  });

  it('names the accelerator that a model was compiled for', () => {
    assertRefused({ operator: 'edgetpu-custom-op' }, 'unsupported', /Coral Edge TPU/);
    assertRefused({ operator: 'ethos-u' }, 'unsupported', /Arm Ethos-U/);
  });

  it('names an operator that the runtime does not have', () => {
    assertRefused({ operator: 'FlexWhere' }, 'unsupported', /needs full TensorFlow .*"FlexWhere"/);
    assertRefused({ operator: 'MyOwn' }, 'unsupported', /custom operator "MyOwn"/);
  });

  it('says what the outputs are when they are not those of a detector', () => {
    assertRefused(
      { operator: 'NumericVerify' },
      'not-a-detector',
      /its output is float32 \[1, 10\] and float32 \[1, 10\] and .* expected the outputs of/,
    );
    assertRefused({ graphOutputs: [0, 1, 2] }, 'not-a-detector', /not give out all four results/);
  });

  it('keeps the sentence short for a graph of a thousand outputs', () => {
    const graphOutputs = Array<number>(1_000).fill(0);
    assertRefused(
      { operator: 'NumericVerify', graphOutputs },
      'not-a-detector',
      /^.{0,300} and 996 more, expected/,
    );
  });

  it('refuses inputs that are not one picture in colour', () => {
    assertRefused({ inputCount: 2 }, 'unsupported', /it has 2 inputs, expected one picture/);
    for (const shape of [
      [1, 8, 8, 1],
      [2, 8, 8, 3],
      [1, 64],
      [1, 0, 8, 3],
      [1, -1, -1, 3],
    ]) {
      assertRefused({ input: { shape } }, 'unsupported', /its input has the shape \[/);
    }
    assertRefused({ input: { shape: [1, 100_000, 8, 3] } }, 'unsupported', /at most 4096 pixels/);
  });

  it('refuses types that it cannot write, and int8 without its scale', () => {
    const shape = [1, 8, 8, 3];
    assertRefused(
      { input: { shape, type: 10 } },
      'unsupported',
      /input dtype is float64, expected uint8, int8 or float32/,
    );
    assertRefused({ input: { shape, type: INT8 } }, 'unsupported', /no scale and zero point/);
    assertRefused({ input: { shape, type: UINT8, scale: 0 } }, 'unsupported', /no scale/);
  });

  it('ignores an archive that claims more files than any model has', () => {
    const files = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.bin`, '']));
    assert.deepEqual(detectorOf({ files: { ...files, 'labels.txt': 'apple' } }).labels, []);
  });
});
