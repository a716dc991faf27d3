import { labelSlug } from './slug.js';

/** A weaker detection cannot start a track, but keeps one alive; this part of the threshold. */
const KEEPING_PART = 0.6;

/**
 * The scores, 0..1, that detections need: one for all labels, and others for labels that were given
 * their own. Two labels with the same slug have the same one.
 */
export class ScoreThresholds {
  readonly #usual: number;
  readonly #own = new Map<string, number>();
  #slugs: ReadonlyMap<string, string> = new Map();

  /** @param usual threshold of every label that has none of its own. */
  constructor(usual: number) {
    this.#usual = usual;
  }

  /** Threshold by the slug of each known label. */
  get bySlug(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#slugs.values(), (name) => [name, this.#of(name)]));
  }

  /** Score from which no detection of any label is of use. */
  get lowest(): number {
    return Math.min(this.#usual, ...this.#own.values()) * KEEPING_PART;
  }

  /** Names the labels there are; thresholds of others are forgotten. */
  setLabels(labels: readonly string[]): void {
    this.#slugs = new Map(labels.map((label) => [label, labelSlug(label)]));
    const known = new Set(this.#slugs.values());
    for (const name of this.#own.keys()) {
      if (!known.has(name)) this.#own.delete(name);
    }
  }

  /**
   * Gives the labels of a slug a threshold of their own.
   * @throws RangeError when no known label has the slug.
   */
  set(name: string, threshold: number): void {
    const known = [...new Set(this.#slugs.values())];
    if (!known.includes(name)) {
      const valid = known.join(', ') || 'none';
      throw new RangeError(`Cannot set the threshold of "${name}": valid labels are ${valid}`);
    }
    this.#own.set(name, threshold);
  }

  /** Score from which a detection of the label may start a track. */
  toStart(label: string): number {
    return this.#own.size === 0
      ? this.#usual
      : this.#of(this.#slugs.get(label) ?? labelSlug(label));
  }

  /** Score from which one keeps a track alive. */
  toKeep(label: string): number {
    return this.toStart(label) * KEEPING_PART;
  }

  #of(name: string): number {
    return this.#own.get(name) ?? this.#usual;
  }
}
