/** Time constants of the mean and of the noise, in ms. */
const MEAN_MS = 10_000;
const NOISE_MS = 20_000;
/** The same while the background is learned. */
const QUICK_MS = 500;
/** A cell that has kept another brightness for so long shows the background from then on. */
const SETTLED_MS = 4_000;
/** Multiple of the noise that a change has to exceed. */
const NOISE_MARGIN = 4;
/** Standard deviation by the mean absolute one, of a normal distribution. */
const DEVIATION = 1.25;
/** Grey levels: what is assumed at first, and the most, so that no cell goes blind. */
const FIRST_NOISE = 2;
const MAX_NOISE = 8;
/** Grey levels a second by which the noise of a changed cell grows at most: a tree in the wind. */
const NOISE_GROWTH = 0.3;

/**
 * What each cell of a picture looks like when nothing happens: a running mean of its brightness and
 * of its noise, as in Wren et al., "Pfinder: Real-Time Tracking of the Human Body", PAMI 19 (1997).
 * Where a cell has changed the noise only grows by small steps, as in Manzanera and Richefeu, "A
 * new motion detection algorithm based on Sigma-Delta background estimation", Pattern Recognition
 * Letters 28 (2007), and the mean waits for a new brightness to last.
 */
export class Background {
  readonly #mean: Float32Array;
  readonly #noise: Float32Array;
  /** How far each cell of the picture compared last is from the background. */
  readonly #distance: Float32Array;
  /** The brightness that a changed cell has now, and for how many ms it has kept it. */
  readonly #candidate: Float32Array;
  readonly #keptMs: Float32Array;
  /** By how much all is brighter than the means, as a factor. */
  #gain = 1;

  constructor(cells: number) {
    this.#mean = new Float32Array(cells);
    this.#noise = new Float32Array(cells);
    this.#distance = new Float32Array(cells);
    this.#candidate = new Float32Array(cells);
    this.#keptMs = new Float32Array(cells);
  }

  /** Takes the picture for the background. */
  begin(cells: Float32Array): void {
    this.#mean.set(cells);
    this.#noise.fill(FIRST_NOISE);
    this.#candidate.set(cells);
    this.#keptMs.fill(0);
    this.#gain = 1;
  }

  /**
   * Marks with 1 the cells that differ from the background by more than `threshold` grey levels and
   * by more than their noise, in whatever light. @returns how many.
   */
  compare(cells: Float32Array, threshold: number, changed: Uint8Array): number {
    const [mean, noise, apart, gain] = [this.#mean, this.#noise, this.#distance, this.#gain];
    let count = 0;
    let seen = 0;
    let known = 0;
    for (let i = 0; i < mean.length; i++) {
      const now = cells[i] ?? 0;
      const before = mean[i] ?? 0;
      const limit = Math.max(threshold, NOISE_MARGIN * (noise[i] ?? 0));
      const distance = outside(now, before, before * gain);
      apart[i] = distance;
      if (distance > limit) {
        changed[i] = 1;
        count += 1;
      } else {
        changed[i] = 0;
        seen += now;
        known += before;
      }
    }
    // Of the next picture: light that changes slowly has changed little until then.
    this.#gain = known > 0 ? seen / known : 1;
    return count;
  }

  /** Learns from the picture that was compared last, `elapsedMs` after the one before. */
  learn(cells: Float32Array, changed: Uint8Array, elapsedMs: number): void {
    const [mean, noise, apart] = [this.#mean, this.#noise, this.#distance];
    const kept = this.#keptMs;
    const meanPart = part(elapsedMs, MEAN_MS);
    const noisePart = part(elapsedMs, NOISE_MS);
    const growth = (NOISE_GROWTH * elapsedMs) / 1000;
    for (let i = 0; i < mean.length; i++) {
      const now = cells[i] ?? 0;
      const before = mean[i] ?? 0;
      const level = noise[i] ?? 0;
      const rise = DEVIATION * (apart[i] ?? 0) - level;
      if (changed[i] === 1) {
        noise[i] = Math.min(MAX_NOISE, level + Math.min(rise, growth));
        this.#wait(i, now, elapsedMs);
      } else {
        mean[i] = before + meanPart * (now - before);
        noise[i] = Math.min(MAX_NOISE, level + noisePart * rise);
        kept[i] = 0;
      }
    }
  }

  /** Learns quickly, whatever has changed. */
  learnQuickly(cells: Float32Array, elapsedMs: number): void {
    const [mean, noise] = [this.#mean, this.#noise];
    const quickPart = part(elapsedMs, QUICK_MS);
    for (let i = 0; i < mean.length; i++) {
      const difference = (cells[i] ?? 0) - (mean[i] ?? 0);
      const level = noise[i] ?? 0;
      mean[i] = (mean[i] ?? 0) + quickPart * difference;
      const rise = quickPart * (DEVIATION * Math.abs(difference) - level);
      noise[i] = Math.min(FIRST_NOISE, level + rise);
    }
    this.#gain = 1;
  }

  /** A changed cell: has it settled? */
  #wait(cell: number, now: number, elapsedMs: number): void {
    const candidate = this.#candidate[cell] ?? 0;
    const limit = NOISE_MARGIN * Math.max(1, this.#noise[cell] ?? 0);
    const isSame = Math.abs(now - candidate) <= limit;
    const keptMs = isSame ? (this.#keptMs[cell] ?? 0) + elapsedMs : 0;
    this.#keptMs[cell] = keptMs;
    this.#candidate[cell] = isSame ? candidate + 0.1 * (now - candidate) : now;
    if (keptMs >= SETTLED_MS) this.#mean[cell] = now;
  }
}

/** How far the value is outside the range between two others: the light may have changed here or not. */
function outside(value: number, one: number, other: number): number {
  const low = Math.min(one, other);
  if (value < low) return low - value;
  const high = Math.max(one, other);
  return value > high ? value - high : 0;
}

/** The part of the way that an exponential goes in this time. */
function part(elapsedMs: number, timeConstantMs: number): number {
  return 1 - Math.exp(-elapsedMs / timeConstantMs);
}
