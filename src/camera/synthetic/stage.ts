import type { SeededRandom } from './random.js';

/** The picture as a place: how far away something stands decides where and how tall it is drawn. */
export interface Stage {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where the ground meets the wall or the sky. */
  readonly horizonPx: number;
  /** Height of a person at the far and at the near end. */
  readonly farPersonPx: number;
  readonly nearPersonPx: number;
}

/** @param depth 0 (far) to 1 (near). */
export function personHeightPx({ farPersonPx, nearPersonPx }: Stage, depth: number): number {
  return farPersonPx + (nearPersonPx - farPersonPx) * depth;
}

/** Where feet are at a depth. */
export function groundPx({ horizonPx, heightPx, farPersonPx }: Stage, depth: number): number {
  const far = Math.max(horizonPx + 0.06 * heightPx, farPersonPx * 1.08);
  return far + (0.965 * heightPx - far) * depth;
}

/** A place for a picture of this size. */
export function createStage(random: SeededRandom, widthPx: number, heightPx: number): Stage {
  return {
    widthPx,
    heightPx,
    horizonPx: Math.round(heightPx * random.between(0.18, 0.5)),
    farPersonPx: heightPx * random.between(0.34, 0.42),
    nearPersonPx: heightPx * random.between(0.58, 0.74),
  };
}
