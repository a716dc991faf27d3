import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foldWeights, foldWindow } from '../../src/models/quantize/folded-window.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

/** One row of a picture under one row of a kernel: what each output is the sum of. */
interface RowConvolution {
  readonly picture: readonly number[];
  readonly weights: readonly number[];
  readonly channels: number;
  readonly stride: number;
  readonly paddingLeft: number;
  readonly outputWidth: number;
}

function convolve(row: RowConvolution): number[] {
  const { picture, weights, channels, stride, paddingLeft, outputWidth } = row;
  return Array.from({ length: outputWidth }, (_, x) =>
    weights.reduce((sum, weight, i) => {
      const at = (x * stride - paddingLeft) * channels + i;
      return sum + weight * (picture[at] ?? 0);
    }, 0),
  );
}

describe('foldWindow', () => {
  it('gives the same sums, of no column beyond its padding', () => {
    const random = seededRandom(7);
    const pick = (low: number, high: number): number => low + seededInteger(random, high - low + 1);
    let folds = 0;
    for (let round = 0; round < 3000; round++) {
      const [channels, stride, kernelWidth, paddingLeft] = [
        pick(1, 4),
        pick(2, 4),
        pick(1, 7),
        pick(0, 4),
      ];
      const width = pick(1, 12) * stride;
      const paddingRight = pick(0, 4);
      const room = width + paddingLeft + paddingRight - kernelWidth;
      if (room < 0) continue;
      const outputWidth = Math.floor(room / stride) + 1;
      const folded = foldWindow({ width, channels, kernelWidth, stride, paddingLeft, outputWidth });
      if (!folded) continue;
      folds += 1;
      const picture = Array.from({ length: width * channels }, () => pick(-128, 127));
      const weights = Int8Array.from({ length: kernelWidth * channels }, () => pick(-127, 127));
      const laidOut = foldWeights(
        new Uint8Array(weights.buffer),
        { channels, kernelWidth },
        folded,
      );
      const before = { picture, weights: [...weights], channels, stride, paddingLeft, outputWidth };
      const after = {
        ...{ picture, weights: [...new Int8Array(laidOut.buffer)], channels: folded.channels },
        ...{ stride: 1, paddingLeft: folded.paddingLeft, outputWidth },
      };
      assert.deepEqual(convolve(after), convolve(before));
      const padded = folded.paddingLeft + folded.width + folded.paddingRight;
      assert.equal(padded - folded.kernelWidth + 1, outputWidth);
    }
    assert.ok(folds > 1500, `${folds} folds`);
  });

  it('leaves a picture alone whose width the stride does not divide', () => {
    const window = { channels: 3, kernelWidth: 3, stride: 2, paddingLeft: 1, outputWidth: 151 };
    assert.equal(foldWindow({ ...window, width: 301 }), null);
  });

  it('makes two columns of six channels out of three of three, as a detector begins', () => {
    const window = { width: 300, channels: 3, kernelWidth: 3, stride: 2, paddingLeft: 0 };
    assert.deepEqual(foldWindow({ ...window, outputWidth: 150 }), {
      ...{ width: 150, channels: 6, kernelWidth: 2, kernelOffset: 0 },
      ...{ paddingLeft: 0, paddingRight: 1 },
    });
  });
});
