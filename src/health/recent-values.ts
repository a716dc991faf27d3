/** The last so many values, and how they are distributed. */
export class RecentValues {
  readonly #values: Float64Array;
  #count = 0;

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  add(value: number): void {
    this.#values[this.#count % this.#values.length] = value;
    this.#count += 1;
  }

  /**
   * The value below which so many of all are (nearest rank); null while there are none.
   * @param share 0..1.
   */
  percentile(share: number): number | null {
    const size = Math.min(this.#count, this.#values.length);
    if (size === 0) return null;
    const sorted = this.#values.slice(0, size).sort();
    return sorted[Math.max(0, Math.ceil(share * size) - 1)] ?? null;
  }
}
