import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encode } from 'flatbuffers/js/flexbuffers.js';
import { flexbufferNumber } from '../../src/models/flexbuffer.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

const OPTIONS = { num_classes: 90, nms_iou_threshold: 0.5, name: 'x', nested: { num_classes: 7 } };

function bytesOf(value: unknown): Uint8Array {
  return new Uint8Array(encode(value));
}

describe('flexbufferNumber', () => {
  it('gives whole and broken numbers of a map', () => {
    assert.equal(flexbufferNumber(bytesOf(OPTIONS), 'num_classes'), 90);
    assert.equal(flexbufferNumber(bytesOf(OPTIONS), 'nms_iou_threshold'), 0.5);
    assert.equal(flexbufferNumber(bytesOf({ a: 0 }), 'a'), 0);
  });

  it('reads maps of any width', () => {
    for (const other of [1, 1_000, 100_000, 0.5, 0.6, 2 ** 40]) {
      assert.equal(flexbufferNumber(bytesOf({ num_classes: 90, other }), 'num_classes'), 90);
    }
  });

  it('reads bytes that lie within a larger buffer', () => {
    const alone = bytesOf(OPTIONS);
    const larger = new Uint8Array(alone.length + 20).fill(0x55);
    larger.set(alone, 7);
    assert.equal(flexbufferNumber(larger.subarray(7, 7 + alone.length), 'num_classes'), 90);
  });

  it('is null for what is absent, no number, or no map', () => {
    assert.equal(flexbufferNumber(bytesOf(OPTIONS), 'absent'), null);
    assert.equal(flexbufferNumber(bytesOf(OPTIONS), 'name'), null);
    assert.equal(flexbufferNumber(bytesOf(OPTIONS), 'nested'), null);
    assert.equal(flexbufferNumber(bytesOf([1, 2, 3]), 'num_classes'), null);
    assert.equal(flexbufferNumber(new Uint8Array(0), 'num_classes'), null);
    assert.equal(flexbufferNumber(Uint8Array.of(1, 2, 3, 4, 5), 'num_classes'), null);
  });

  it('gives a number or null for 5,000 damaged maps, at once', () => {
    const whole = bytesOf(OPTIONS);
    const begin = performance.now();
    for (let seed = 0; seed < 5_000; seed++) {
      const random = seededRandom(seed);
      const damaged = whole.slice();
      for (let i = 0; i < 3; i++) {
        damaged[seededInteger(random, damaged.length)] = seededInteger(random, 256);
      }
      const value = flexbufferNumber(damaged, 'num_classes');
      assert.ok(value === null || typeof value === 'number', `seed ${seed}: ${value}`);
    }
    assert.ok(performance.now() - begin < 20_000);
  });
});
