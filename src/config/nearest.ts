const MAX_WORD_LENGTH = 64;

/**
 * The candidate that somebody who wrote `word` most likely meant, or undefined when none is near:
 * at most one slip in three characters, or a beginning of at least three.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_WORD_LENGTH) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = slips(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The distance as far as it matters, which is below `limit`. */
function slips(word: string, candidate: string, limit: number): number {
  if (word.length >= 3 && candidate.startsWith(word)) return candidate === word ? 0 : 1;
  return Math.abs(word.length - candidate.length) < limit ? editDistance(word, candidate) : limit;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that make `a` of `b`.
 * Optimal string alignment: G. Navarro, A guided tour to approximate string matching, 2001.
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
