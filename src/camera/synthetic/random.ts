/** A stream of random numbers, the same ones for the same seeds on every machine. */
export class SeededRandom {
  #state: number;

  /** @param seeds whole numbers; each combination gives a stream of its own. */
  constructor(...seeds: readonly number[]) {
    this.#state = seeds.reduce((state, seed) => mix(state ^ mix(seed)), 0x9e3779b9);
  }

  /** From 0 to below 1, in steps of 2⁻³². */
  next(): number {
    // Weyl sequence and finalizer, as in SplitMix (Steele, Lea, Flood: Fast splittable
    // pseudorandom number generators, OOPSLA 2014), with 32 bits.
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    return mix(this.#state) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from 0 to below `limit`. */
  whole(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.whole(choices.length)] ?? choices[0];
  }

  /** Around 0 with a standard deviation of 1, within ±3.5: the sum of four uniform numbers. */
  gaussian(): number {
    const sum = this.next() + this.next() + this.next() + this.next();
    return (sum - 2) * Math.sqrt(3);
  }
}

function mix(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
