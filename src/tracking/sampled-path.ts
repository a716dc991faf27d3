import type { Point } from '../domain/point.js';

const MAX_POINTS = 32;

/**
 * A path of any length in at most 32 points, evenly spread over its points and always with the
 * first and the last: when it fills up, every other one is given up.
 */
export class SampledPath {
  #kept: Point[] = [];
  #stride = 1;
  #count = 0;
  #last: Point | undefined;

  add(point: Point): void {
    if (this.#count % this.#stride === 0) this.#keep(point);
    this.#count += 1;
    this.#last = point;
  }

  get points(): readonly Point[] {
    const last = this.#last;
    return last === undefined || last === this.#kept.at(-1) ? this.#kept : [...this.#kept, last];
  }

  /** One place stays free for the last point. */
  #keep(point: Point): void {
    this.#kept.push(point);
    if (this.#kept.length < MAX_POINTS) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }
}
