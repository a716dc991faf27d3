/** Growing delays with jitter between attempts, so that many clients do not return at once. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  #attempts = 0;

  /** @param range delays grow from `minMs` to `maxMs`, doubling. */
  constructor(range: { readonly minMs: number; readonly maxMs: number }) {
    this.#minMs = range.minMs;
    this.#maxMs = range.maxMs;
  }

  /** Delay in ms before the next attempt: the step's full length less up to half of it at random. */
  nextMs(): number {
    const stepMs = Math.min(this.#maxMs, this.#minMs * 2 ** this.#attempts);
    if (stepMs < this.#maxMs) this.#attempts += 1;
    return stepMs * (1 - Math.random() / 2);
  }

  /** Starts again from the shortest delay; to be called after a success. */
  reset(): void {
    this.#attempts = 0;
  }
}
