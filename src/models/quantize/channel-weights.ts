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
 * - Any other channel is *widened* by f = max|c| / 127, 2.01 at most: its scale becomes f·sw, c
 *   becomes v = round(c / f) and the bias round(bias / f). With the residuals d = f·v − c, |d| ≤ f/2,
 *   the accumulator, in units of sx·sw, is off by Σ (qx − zx)·d plus at most f/2 from the bias. As
 *   −zx ≤ qx − zx ≤ 255 − zx, with P the sum of the positive residuals and N that of the negative
 *   ones without their sign,
 *
 *       |error of acc| ≤ max((255 − zx)·P + zx·N, (255 − zx)·N + zx·P) + f/2
 *
 *   and the output is off by at most that times sx·sw / sy, in steps of its own scale, before both
 *   sides round.
 *
 * Rounding to whole steps can add one step, as everywhere between two kernels; that scales are
 * stored as float32 adds less than 2⁻¹⁶ of a step.
 */

/** Which weights belong to one output channel. */
export interface ChannelLayout {
  /** Divides the number of weights. */
  readonly channels: number;
  /**
   * `outermost`: channel by channel, as in CONV_2D and FULLY_CONNECTED. `innermost`: the channel
   * changes fastest, as in DEPTHWISE_CONV_2D.
   */
  readonly order: 'outermost' | 'innermost';
  /** All channels have one scale, so that one that is too wide widens all. */
  readonly isOneScale: boolean;
}

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
 */
export function toChannelWeights(
  stored: Uint8Array,
  zeroPoint: number,
  layout: ChannelLayout,
): ChannelWeights {
  const { channels, order, isOneScale } = layout;
  const perChannel = stored.length / channels;
  const channelOf =
    order === 'innermost' ? (i: number) => i % channels : (i: number) => Math.floor(i / perChannel);
  const factors = widest(stored, zeroPoint, channels, channelOf);
  if (isOneScale) factors.fill(factors.reduce((max, factor) => Math.max(max, factor), 1));
  const values = new Int8Array(stored.length);
  const positiveResiduals = new Float64Array(channels);
  const negativeResiduals = new Float64Array(channels);
  for (let i = 0; i < stored.length; i++) {
    const channel = channelOf(i);
    const factor = factors[channel] ?? 1;
    const centred = (stored[i] ?? 0) - zeroPoint;
    const value = Math.round(centred / factor);
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
    if (factor === 1) return 0;
    const positive = weights.positiveResiduals[channel] ?? 0;
    const negative = weights.negativeResiduals[channel] ?? 0;
    const ofWeights = Math.max(
      above * positive + below * negative,
      above * negative + below * positive,
    );
    return ofWeights + factor / 2;
  });
}

function widest(
  stored: Uint8Array,
  zeroPoint: number,
  channels: number,
  channelOf: (i: number) => number,
): Float64Array {
  const factors = new Float64Array(channels).fill(1);
  for (let i = 0; i < stored.length; i++) {
    const channel = channelOf(i);
    const needed = Math.abs((stored[i] ?? 0) - zeroPoint) / LIMIT;
    if (needed > (factors[channel] ?? 1)) factors[channel] = needed;
  }
  return factors;
}
