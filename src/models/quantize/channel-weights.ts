/**
 * Weights of a layer as int8 with zero point 0, as TensorFlow Lite's 8-bit specification demands
 * (https://ai.google.dev/edge/litert/models/quantization_spec), made from uint8 ones.
 *
 * A uint8 layer computes, per output channel and with q for stored values, s for scales and z for
 * zero points,
 *
 *     acc = Σ (qx − zx)·(qw − zw) + bias        y = zy + round(acc · sx·sw / sy)
 *
 * Activations become int8 by q − 128 and z − 128: every difference qx − zx stays what it was. What
 * is left is c = qw − zw, −255…255, which has to fit −127…127:
 *
 * - Where all |c| of a channel are at most 127, c itself is stored and the scale and the bias stay:
 *   acc is the same integer for every input. The channel is *exact*.
 * - Any other channel is *widened*: its scale becomes f·sw, c becomes v = round(c / f) cut to ±127
 *   and the bias round(bias / f). With the residuals d = f·v − c the accumulator, in units of sx·sw,
 *   is off by Σ (qx − zx)·d plus at most f/2 from the bias. As −zx ≤ qx − zx ≤ 255 − zx, with P the
 *   sum of the positive residuals and N that of the negative ones without their sign,
 *
 *       |error of acc| ≤ max((255 − zx)·P + zx·N, (255 − zx)·N + zx·P) + (f = 1 ? 0 : f/2)
 *
 *   and the output is off by at most that times sx·sw / sy, in steps of its own scale, before both
 *   sides round. The factor f is the one of 127/127, 128/127 … max|c|/127 with the least P + N: to
 *   cut a few large weights may cost less than to round all others more coarsely.
 *
 * Rounding to whole steps can add one step, as everywhere between two kernels; that scales are
 * stored as float32 adds less than 2⁻¹⁶ of a step.
 */

/** Which weights belong to one output channel. */
export type ChannelOrder =
  /** Channel by channel: CONV_2D, FULLY_CONNECTED. */
  | 'outermost'
  /** The channel changes fastest: DEPTHWISE_CONV_2D. */
  | 'innermost';

/** Weights as int8, and what became of each channel. */
export interface ChannelWeights {
  readonly values: Int8Array;
  /** The factor f of each channel by which its scale grows; 1 where the channel is exact. */
  readonly factors: Float64Array;
  /** P and N of each channel, in steps of the old scale. */
  readonly positiveResiduals: Float64Array;
  readonly negativeResiduals: Float64Array;
}

const LIMIT = 127;
const MAX_DISTANCE = 255;

/**
 * Turns uint8 weights into int8 ones, channel by channel.
 * @param zeroPoint of the stored weights, 0…255.
 * @param channels divides the number of weights.
 */
export function toChannelWeights(
  stored: Uint8Array,
  zeroPoint: number,
  channels: number,
  order: ChannelOrder,
): ChannelWeights {
  const perChannel = stored.length / channels;
  const channelOf =
    order === 'innermost' ? (i: number) => i % channels : (i: number) => Math.floor(i / perChannel);
  const factors = chooseFactors(stored, zeroPoint, channels, channelOf);
  const values = new Int8Array(stored.length);
  const positiveResiduals = new Float64Array(channels);
  const negativeResiduals = new Float64Array(channels);
  for (let i = 0; i < stored.length; i++) {
    const channel = channelOf(i);
    const factor = factors[channel] ?? 1;
    const centred = (stored[i] ?? 0) - zeroPoint;
    const value = toInt8(centred, factor);
    values[i] = value;
    const residual = factor * value - centred;
    const sums = residual > 0 ? positiveResiduals : negativeResiduals;
    sums[channel] = (sums[channel] ?? 0) + Math.abs(residual);
  }
  return { values, factors, positiveResiduals, negativeResiduals };
}

/** The bias that belongs to weights whose channels were widened by `factors`. */
export function rescaleBias(bias: Int32Array, factors: Float64Array): Int32Array {
  return bias.map((value, channel) => Math.round(value / (factors[channel] ?? 1)));
}

/**
 * How far each channel's accumulator can be off, in units of the input's scale times the old scale
 * of the weights; 0 where the channel is exact.
 */
export function accumulatorErrors(weights: ChannelWeights, inputZeroPoint: number): Float64Array {
  const below = inputZeroPoint;
  const above = MAX_DISTANCE - inputZeroPoint;
  return weights.factors.map((factor, channel) => {
    const positive = weights.positiveResiduals[channel] ?? 0;
    const negative = weights.negativeResiduals[channel] ?? 0;
    const ofWeights = Math.max(
      above * positive + below * negative,
      above * negative + below * positive,
    );
    return ofWeights + (factor === 1 ? 0 : factor / 2);
  });
}

function toInt8(centred: number, factor: number): number {
  return Math.max(-LIMIT, Math.min(LIMIT, Math.round(centred / factor)));
}

function chooseFactors(
  stored: Uint8Array,
  zeroPoint: number,
  channels: number,
  channelOf: (i: number) => number,
): Float64Array {
  // How often each distance from the zero point occurs in each channel: the choice costs the same
  // for a channel of nine weights and for one of a million.
  const bins = MAX_DISTANCE + 1;
  const counts = new Uint32Array(channels * bins);
  for (let i = 0; i < stored.length; i++) {
    const at = channelOf(i) * bins + Math.abs((stored[i] ?? 0) - zeroPoint);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return Float64Array.from({ length: channels }, (_, channel) =>
    chooseFactor(counts.subarray(channel * bins, (channel + 1) * bins)),
  );
}

/** @param counts how often each |c| occurs, by |c|. */
function chooseFactor(counts: Uint32Array): number {
  const largest = counts.findLastIndex((count) => count > 0);
  if (largest <= LIMIT) return 1;
  let best = { factor: 1, cost: Number.POSITIVE_INFINITY };
  for (let limit = LIMIT; limit <= largest; limit++) {
    const factor = limit / LIMIT;
    let cost = 0;
    for (let distance = 0; distance <= largest; distance++) {
      const count = counts[distance] ?? 0;
      if (count > 0) cost += count * Math.abs(factor * toInt8(distance, factor) - distance);
    }
    if (cost < best.cost) best = { factor, cost };
  }
  return best.factor;
}
