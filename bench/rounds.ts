import { percentile } from '../src/domain/statistics.js';

/** A figure over all rounds of a run. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * In which order contestants take their turns in a round, as indices. Over as many rounds as there
 * are contestants (twice as many of an odd number), everybody comes directly behind everybody else
 * equally often: who leaves the machine hot does so to all.
 * Source: E. J. Williams, "Experimental designs balanced for the estimation of residual effects of
 * treatments", Australian Journal of Scientific Research A 2 (1949).
 */
export function turnOrder(contestants: number, round: number): number[] {
  const shift = Math.floor(round / 2);
  const order = Array.from({ length: contestants }, (_, turn) => {
    // 0, 1, n − 1, 2, n − 2 …: no two steps between neighbours are the same.
    const place = turn % 2 === 1 ? (turn + 1) / 2 : contestants - turn / 2;
    return (place + shift) % contestants;
  });
  return round % 2 === 0 ? order : order.reverse();
}

/** Median, least and greatest of one figure a round. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: percentile(values, 0.5), min: Math.min(...values), max: Math.max(...values) };
}

/** How many times `values` is `reference`, compared within each round, then over the rounds. */
export function ratioOf(values: readonly number[], reference: readonly number[]): Spread {
  if (values.length !== reference.length) {
    throw new RangeError(
      `Cannot compare ${values.length} rounds with ${reference.length}: expected as many`,
    );
  }
  return spreadOf(values.map((value, round) => value / (reference[round] ?? Number.NaN)));
}
