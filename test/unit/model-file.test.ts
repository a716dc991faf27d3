import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ModelError } from '../../src/errors.js';
import { describeDetector, describeFile } from '../../src/models/detector-model.js';
import { hasModelIdentifier, parseModelFile } from '../../src/models/model-file.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';
import { tinyModel, tinyModelBytes } from '../helpers/tiny-model.js';

/** Overwrites a few places with values that offsets and lengths do not like. */
function damage(bytes: Uint8Array<ArrayBuffer>, random: () => number): Uint8Array<ArrayBuffer> {
  const damaged = bytes.slice();
  const view = new DataView(damaged.buffer);
  const values = [0, 1, 4, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, damaged.length];
  for (let i = 1 + seededInteger(random, 6); i > 0; i--) {
    const at = seededInteger(random, damaged.length - 4);
    const wild =
      random() < 0.5 ? values[seededInteger(random, values.length)]! : random() * 2 ** 32;
    if (random() < 0.5) view.setUint32(at, wild, true);
    else view.setUint8(at, wild);
  }
  return damaged;
}

describe('parseModelFile', () => {
  it('reads tensors, operators and their places', () => {
    const file = parseModelFile(tinyModel({ graphOutputs: [2, 0, 3, 1] }));
    assert.equal(file.description, 'made by a test');
    assert.deepEqual(file.inputs, [
      {
        name: 't',
        shape: [1, 24, 32, 3],
        dtype: 'uint8',
        scale: Math.fround(1 / 255),
        zeroPoint: 0,
      },
    ]);
    assert.deepEqual(file.outputTensors, [3, 1, 4, 2]);
    assert.equal(file.operators.length, 1);
    const [operator] = file.operators;
    assert.equal(operator?.name, 'TFLite_Detection_PostProcess');
    assert.equal(operator?.custom, true);
    assert.deepEqual(operator?.outputs, [1, 2, 3, 4]);
    assert.equal(file.metadata, null);
  });

  it('throws nothing but RangeError for 2,000 damaged files, at once and with little memory', () => {
    const whole = tinyModel();
    const before = process.memoryUsage().arrayBuffers;
    let refused = 0;
    let slowestMs = 0;
    for (let seed = 0; seed < 2_000; seed++) {
      const bytes = damage(whole, seededRandom(seed));
      const begin = performance.now();
      try {
        parseModelFile(bytes);
      } catch (thrown) {
        assert.ok(thrown instanceof RangeError, `seed ${seed}: ${thrown}`);
        refused += 1;
      }
      slowestMs = Math.max(slowestMs, performance.now() - begin);
    }
    assert.ok(refused > 200, `only ${refused} files were refused: the damage does no harm`);
    assert.ok(slowestMs < 2_000, `a file took ${slowestMs} ms`);
    assert.ok(process.memoryUsage().arrayBuffers - before < 32 << 20);
  });

  it('throws RangeError for a file that is cut anywhere', () => {
    const whole = tinyModel();
    for (let length = 0; length < whole.length; length += 3) {
      try {
        parseModelFile(whole.subarray(0, length));
      } catch (thrown) {
        assert.ok(thrown instanceof RangeError, `${length}: ${thrown}`);
      }
    }
    assert.throws(() => parseModelFile(whole.subarray(0, 100)), RangeError);
  });
});

describe('describeDetector', () => {
  it('throws nothing but ModelError for 500 damaged files', () => {
    const model = tinyModelBytes({ files: { 'labels.txt': 'apple\npear' } });
    let described = 0;
    for (let seed = 0; seed < 500; seed++) {
      const damaged = { ...model, bytes: damage(model.bytes, seededRandom(seed)) };
      try {
        describeDetector(damaged, describeFile(damaged), { labelText: null, fit: 'auto' });
        described += 1;
      } catch (thrown) {
        assert.ok(thrown instanceof ModelError, `seed ${seed}: ${thrown}`);
        assert.ok(
          thrown.message.length < 1_000,
          `seed ${seed}: ${thrown.message.length} characters`,
        );
      }
    }
    assert.ok(described > 0 && described < 500);
  });
});

describe('hasModelIdentifier', () => {
  it('looks for TFL3 behind the first offset', () => {
    assert.equal(hasModelIdentifier(tinyModel()), true);
    assert.equal(hasModelIdentifier(new TextEncoder().encode('TFL3TFL2')), false);
    assert.equal(hasModelIdentifier(new Uint8Array(7)), false);
  });
});
