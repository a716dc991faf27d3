/** Numbers from 0 to below 1, the same ones for the same seed, so that a failure can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  // Numerical Recipes' linear congruential generator; the low bits are weak and are not used.
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** A whole number from 0 to below `limit`. */
export function seededInteger(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}
