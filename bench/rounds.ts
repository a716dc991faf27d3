import { percentile } from '../src/domain/statistics.js';

/** A figure over all rounds of a run. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * In which order contestants take their turns in a round, as indices. Each order is followed by its
 * reverse, and then another begins: nobody is always first, or always behind the same one.
 */
export function turnOrder(contestants: number, round: number): number[] {
  const shift = Math.floor(round / 2);
  const order = Array.from({ length: contestants }, (_, turn) => (turn + shift) % contestants);
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
