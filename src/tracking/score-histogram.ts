const BINS = 256;

/** The distribution of scores of a track's whole life in 1 KB, however long it lasts. */
export class ScoreHistogram {
  readonly #bins = new Uint32Array(BINS);
  #count = 0;
  #top = 0;

  /** @param score 0..1; what lies outside counts as the nearest end. */
  add(score: number): void {
    const bin = Math.min(BINS - 1, Math.max(0, Math.round(score * (BINS - 1))));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#count += 1;
    this.#top = Math.max(this.#top, score);
  }

  /** Highest score, exact; 0 before the first. */
  get top(): number {
    return this.#top;
  }

  /** Lower median to within 1/510; 0 before the first score. */
  get median(): number {
    let passed = 0;
    const half = this.#count / 2;
    for (const [bin, count] of this.#bins.entries()) {
      passed += count;
      if (count > 0 && passed >= half) return bin / (BINS - 1);
    }
    return 0;
  }
}
