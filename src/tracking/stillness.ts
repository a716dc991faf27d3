import { type BoundingBox, intersectionOverUnion } from '../domain/bounding-box.js';

/** An object is stationary when it has kept its place for this long. */
const SETTLE_MS = 5000;

/**
 * Overlap with the place it keeps, below which an object counts as moving: strict while it settles,
 * lax once it is stationary, so that it does not flip back and forth.
 */
const SETTLING_OVERLAP = 0.7;
const SETTLED_OVERLAP = 0.5;

/** Time constant of the mean box: long enough to even out jitter, short beside SETTLE_MS. */
const MEAN_MS = 1000;

/** Whether an object keeps its place and size, judged by its mean box, not by single detections. */
export class Stillness {
  #mean: BoundingBox;
  #place: BoundingBox;
  #placedAtMs: number;
  #seenAtMs: number;
  #stationary = false;

  constructor(box: BoundingBox, atMs: number) {
    this.#mean = box;
    this.#place = box;
    this.#placedAtMs = atMs;
    this.#seenAtMs = atMs;
  }

  get stationary(): boolean {
    return this.#stationary;
  }

  /** Takes in a detection; `atMs` is not before the last one. */
  see(box: BoundingBox, atMs: number): void {
    const weight = 1 - Math.exp((this.#seenAtMs - atMs) / MEAN_MS);
    this.#mean = blend(this.#mean, box, weight);
    this.#seenAtMs = atMs;
    const least = this.#stationary ? SETTLED_OVERLAP : SETTLING_OVERLAP;
    if (intersectionOverUnion(this.#mean, this.#place) < least) {
      this.#place = this.#mean;
      this.#placedAtMs = atMs;
      this.#stationary = false;
    }
    if (atMs - this.#placedAtMs >= SETTLE_MS) this.#stationary = true;
  }
}

function blend(from: BoundingBox, to: BoundingBox, weight: number): BoundingBox {
  return {
    xMin: from.xMin + weight * (to.xMin - from.xMin),
    yMin: from.yMin + weight * (to.yMin - from.yMin),
    xMax: from.xMax + weight * (to.xMax - from.xMax),
    yMax: from.yMax + weight * (to.yMax - from.yMax),
  };
}
