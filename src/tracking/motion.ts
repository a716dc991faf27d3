import type { BoundingBox } from '../domain/bounding-box.js';

/**
 * Standard deviations in box sizes (mean of width and height): of a detected edge, of the speed of
 * an object just met, and of the change of speed in a second. Detectors jitter by some percent;
 * people cross their own size in about a second and start or stop within one.
 */
const EDGE_NOISE = 0.06;
const FIRST_SPEED_PER_S = 1.5;
const SPEED_CHANGE_PER_S = 1.5;

/** Nobody keeps a straight line for long: an object out of sight is expected to stop after this. */
const HORIZON_S = 1;

/**
 * Where a box is and where it will be: constant velocity with random acceleration, as in A. Bewley
 * et al., "Simple Online and Realtime Tracking" (2016), but with a filter for each edge (a box that
 * enters or leaves the frame has one edge that moves and one that does not) and in continuous time:
 * between two corrections nothing is stored, so frames that were dropped make no difference.
 */
export class BoxMotion {
  readonly #xMin: EdgeFilter;
  readonly #yMin: EdgeFilter;
  readonly #xMax: EdgeFilter;
  readonly #yMax: EdgeFilter;
  #correctedAtMs: number;

  constructor(box: BoundingBox, atMs: number) {
    const size = meanSize(box);
    this.#xMin = new EdgeFilter(box.xMin, size);
    this.#yMin = new EdgeFilter(box.yMin, size);
    this.#xMax = new EdgeFilter(box.xMax, size);
    this.#yMax = new EdgeFilter(box.yMax, size);
    this.#correctedAtMs = atMs;
  }

  /** The box expected at a time not before the last correction; it may lie outside the frame. */
  expectedAt(atMs: number): BoundingBox {
    const aheadS = Math.min(HORIZON_S, (atMs - this.#correctedAtMs) / 1000);
    return upright({
      xMin: this.#xMin.ahead(aheadS),
      yMin: this.#yMin.ahead(aheadS),
      xMax: this.#xMax.ahead(aheadS),
      yMax: this.#yMax.ahead(aheadS),
    });
  }

  /** Takes in a detection; `atMs` is not before the last one. */
  correct(box: BoundingBox, atMs: number): void {
    const elapsedS = (atMs - this.#correctedAtMs) / 1000;
    const size = meanSize(box);
    this.#xMin.correct(box.xMin, elapsedS, size);
    this.#yMin.correct(box.yMin, elapsedS, size);
    this.#xMax.correct(box.xMax, elapsedS, size);
    this.#yMax.correct(box.yMax, elapsedS, size);
    this.#correctedAtMs = atMs;
  }

  /** Speed of the centre in frame widths and heights per second. */
  get velocity(): { readonly xPerS: number; readonly yPerS: number } {
    return {
      xPerS: (this.#xMin.speed + this.#xMax.speed) / 2,
      yPerS: (this.#yMin.speed + this.#yMax.speed) / 2,
    };
  }
}

/** A Kalman filter over the position and speed of one edge, in fractions of the frame. */
class EdgeFilter {
  #position: number;
  #speed = 0;
  #positionVariance: number;
  #covariance = 0;
  #speedVariance: number;

  constructor(position: number, size: number) {
    this.#position = position;
    this.#positionVariance = (EDGE_NOISE * size) ** 2;
    this.#speedVariance = (FIRST_SPEED_PER_S * size) ** 2;
  }

  get speed(): number {
    return this.#speed;
  }

  ahead(seconds: number): number {
    return this.#position + this.#speed * seconds;
  }

  correct(position: number, elapsedS: number, size: number): void {
    this.#predict(elapsedS, size);
    const error = position - this.#position;
    const total = this.#positionVariance + (EDGE_NOISE * size) ** 2;
    if (total === 0) return;
    const positionGain = this.#positionVariance / total;
    const speedGain = this.#covariance / total;
    this.#position += positionGain * error;
    this.#speed += speedGain * error;
    this.#speedVariance -= speedGain * this.#covariance;
    this.#covariance *= 1 - positionGain;
    this.#positionVariance *= 1 - positionGain;
  }

  /** White noise on the acceleration, integrated over the time since the last correction. */
  #predict(elapsedS: number, size: number): void {
    const noise = (SPEED_CHANGE_PER_S * size) ** 2;
    this.#position += this.#speed * elapsedS;
    this.#positionVariance +=
      elapsedS * (2 * this.#covariance + elapsedS * this.#speedVariance) +
      (noise * elapsedS ** 3) / 3;
    this.#covariance += elapsedS * this.#speedVariance + (noise * elapsedS ** 2) / 2;
    this.#speedVariance += noise * elapsedS;
  }
}

function meanSize(box: BoundingBox): number {
  return (box.xMax - box.xMin + box.yMax - box.yMin) / 2;
}

/** A shrinking box that is followed far enough turns inside out; it then has no extent. */
function upright(box: BoundingBox): BoundingBox {
  const x = (box.xMin + box.xMax) / 2;
  const y = (box.yMin + box.yMax) / 2;
  return {
    xMin: Math.min(box.xMin, x),
    yMin: Math.min(box.yMin, y),
    xMax: Math.max(box.xMax, x),
    yMax: Math.max(box.yMax, y),
  };
}
