import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  accumulatorErrors,
  type ChannelLayout,
  rescaleBias,
  toChannelWeights,
} from '../../src/models/quantize/channel-weights.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

const ORDERS: readonly ChannelLayout['order'][] = ['outermost', 'innermost'];

/** A layer of random sizes and stored values; one input value for each weight of a channel. */
interface RandomLayer {
  readonly order: ChannelLayout['order'];
  readonly isOneScale: boolean;
  readonly channels: number;
  readonly taps: number;
  readonly weights: Uint8Array;
  readonly weightsZero: number;
  readonly inputZero: number;
  readonly bias: Int32Array;
  readonly random: () => number;
}

/** @param spread how far weights are from their zero point at most. */
function randomLayer(seed: number, spread: number): RandomLayer {
  const random = seededRandom(seed);
  const [channels, taps] = [1 + seededInteger(random, 12), 1 + seededInteger(random, 60)];
  const weightsZero = seededInteger(random, 256);
  const lowest = Math.max(0, weightsZero - spread);
  const highest = Math.min(255, weightsZero + spread);
  return {
    order: ORDERS[seed % 2]!,
    isOneScale: seed % 3 === 0,
    channels,
    taps,
    weights: Uint8Array.from({ length: channels * taps }, () =>
      Math.round(lowest + random() * (highest - lowest)),
    ),
    weightsZero,
    inputZero: seededInteger(random, 256),
    bias: Int32Array.from({ length: channels }, () => Math.round((random() - 0.5) * 1e5)),
    random,
  };
}

function indexOf({ order, channels, taps }: RandomLayer, channel: number, tap: number): number {
  return order === 'outermost' ? channel * taps + tap : tap * channels + channel;
}

/** What the layer's definition says, in plain arithmetic: Σ (qx − zx)·(qw − zw) + bias. */
function definition(layer: RandomLayer, channel: number, input: Uint8Array): number {
  const { weights, weightsZero, inputZero, bias } = layer;
  const terms = Array.from(
    input,
    (q, tap) => (q - inputZero) * (weights[indexOf(layer, channel, tap)]! - weightsZero),
  );
  return terms.reduce((sum, term) => sum + term, bias[channel]!);
}

function check(layer: RandomLayer, visit: (channel: Channel) => void): void {
  const { weights, weightsZero, channels, bias, inputZero, taps } = layer;
  const made = toChannelWeights(weights, weightsZero, layer);
  const scaledBias = rescaleBias(bias, made.factors);
  const errors = accumulatorErrors(made, inputZero);
  assert.ok(made.values.every((value) => value >= -127 && value <= 127));
  for (let channel = 0; channel < channels; channel++) {
    const factor = made.factors[channel]!;
    const valueAt = (tap: number): number => made.values[indexOf(layer, channel, tap)]!;
    const distanceAt = (tap: number): number =>
      weights[indexOf(layer, channel, tap)]! - weightsZero;
    /** What the int8 layer computes, in units of the original's accumulator. */
    const int8 = (input: Uint8Array): number => {
      const sum = Array.from(input, (q, tap) => (q - inputZero) * valueAt(tap));
      return factor * sum.reduce((total, term) => total + term, scaledBias[channel]!);
    };
    const inputs = Array.from({ length: 20 }, () =>
      Uint8Array.from({ length: taps }, () => seededInteger(layer.random, 256)),
    );
    // The two inputs that make the most of every residual.
    for (const sign of [1, -1]) {
      inputs.push(
        Uint8Array.from({ length: taps }, (_, tap) =>
          sign * (factor * valueAt(tap) - distanceAt(tap)) > 0 ? 255 : 0,
        ),
      );
    }
    const found = inputs.map((input) => int8(input) - definition(layer, channel, input));
    visit({ factor, found, bound: errors[channel]! });
  }
}

interface Channel {
  readonly factor: number;
  /** Errors of the accumulator over many inputs. */
  readonly found: readonly number[];
  readonly bound: number;
}

describe('toChannelWeights', () => {
  it('computes the same sums where no weight is further than 127 from the zero point', () => {
    for (let seed = 0; seed < 100; seed++) {
      check(randomLayer(seed, 127), ({ factor, found, bound }) => {
        assert.equal(factor, 1);
        assert.equal(bound, 0);
        assert.ok(found.every((error) => error === 0));
      });
    }
  });

  it('keeps to the bound for any weights, and the bound is no larger than it must be', () => {
    let widened = 0;
    for (let seed = 0; seed < 300; seed++) {
      check(randomLayer(seed, 255), ({ factor, found, bound }) => {
        assert.ok(factor >= 1 && factor <= 255 / 127);
        const worst = Math.max(...found.map(Math.abs));
        assert.ok(worst <= bound + 1e-6, `${worst} is beyond ${bound}`);
        // All but the bias's rounding, which is at most half a step and mostly less.
        assert.ok(worst >= bound - factor - 1e-6, `${worst} is far below ${bound}`);
        if (factor > 1) widened += 1;
      });
    }
    assert.ok(widened > 500, `only ${widened} channels were widened`);
  });

  it('widens each channel only as far as its own weights need', () => {
    const weights = Uint8Array.of(255, 1, 100, 128, 128, 0);
    const layout = { channels: 3, order: 'outermost', isOneScale: false } as const;
    const outermost = toChannelWeights(weights, 1, layout);
    assert.deepEqual([...outermost.factors], [2, 1, 1]);
    assert.deepEqual([...outermost.values], [127, 0, 99, 127, 127, -1]);
    const innermost = toChannelWeights(weights, 1, { ...layout, order: 'innermost' });
    assert.deepEqual([...innermost.factors], [2, 1, 1]);
    assert.deepEqual([...innermost.values], [127, 0, 99, 64, 127, -1]);
    const inOne = toChannelWeights(weights, 1, { ...layout, isOneScale: true });
    assert.deepEqual([...inOne.factors], [2, 2, 2]);
    assert.deepEqual([...inOne.values], [127, 0, 50, 64, 64, 0]);
  });

  it('takes weights at the ends of the range', () => {
    const layout = { channels: 2, order: 'outermost', isOneScale: false } as const;
    const { values, factors } = toChannelWeights(Uint8Array.of(0, 255), 255, layout);
    assert.deepEqual([...values], [-127, 0]);
    assert.deepEqual([...factors], [255 / 127, 1]);
    assert.equal(toChannelWeights(new Uint8Array(0), 0, layout).values.length, 0);
  });
});
