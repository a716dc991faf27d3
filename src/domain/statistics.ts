/**
 * The value that a share (0..1) of the values do not exceed, by the nearest-rank method.
 * @throws RangeError when there are no values.
 */
export function percentile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('Cannot take a percentile of no values');
  return value;
}

/** The mean of the values; NaN when there are none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Slope of the least-squares line through values taken at equal distances: change per step.
 * 0 for fewer than two values.
 */
export function slope(values: readonly number[]): number {
  const centre = (values.length - 1) / 2;
  let covariance = 0;
  let variance = 0;
  values.forEach((value, step) => {
    covariance += (step - centre) * value;
    variance += (step - centre) ** 2;
  });
  return variance > 0 ? covariance / variance : 0;
}
