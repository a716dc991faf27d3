import { type Colour, near, shade } from './colour.js';
import type { Pen } from './pen.js';
import type { SeededRandom } from './random.js';

const CARTONS: readonly [Colour, ...Colour[]] = [
  [185, 140, 95],
  [200, 160, 120],
  [150, 110, 70],
  [210, 205, 200],
  [80, 70, 60],
];

export interface ParcelLook {
  readonly carton: Colour;
  readonly tape: Colour;
  readonly width: number;
  /** How far the side goes back, to the right and up. */
  readonly depth: number;
  readonly rise: number;
  readonly tapeAt: number;
  readonly hasLabel: boolean;
}

export function parcelLook(random: SeededRandom): ParcelLook {
  const carton = near(random, random.pick(CARTONS), 15);
  return {
    carton,
    tape: random.chance(0.5) ? shade(carton, 0.65) : [215, 190, 120],
    width: random.between(0.5, 1.1),
    depth: random.between(0.1, 0.35),
    rise: random.between(0.1, 0.25),
    tapeAt: random.between(-0.1, 0.1),
    hasLabel: random.chance(0.6),
  };
}

/** A parcel, seen a little from above. */
export function drawParcel(pen: Pen, look: ParcelLook): void {
  const { carton, tape, width, depth, rise, tapeAt, hasLabel } = look;
  const half = width / 2;
  const top = 1 - rise;
  pen.polygon(
    [
      [-half, 0],
      [-half, top],
      [half, top],
      [half, 0],
    ],
    carton,
  );
  pen.polygon(
    [
      [half, 0],
      [half, top],
      [half + depth, 1],
      [half + depth, rise],
    ],
    shade(carton, 0.7),
  );
  pen.polygon(
    [
      [-half, top],
      [-half + depth, 1],
      [half + depth, 1],
      [half, top],
    ],
    shade(carton, 1.15),
  );
  const x = tapeAt * width;
  pen.polygon(
    [
      [x - 0.05, top * 0.6],
      [x - 0.05, top],
      [x + 0.05, top],
      [x + 0.05, top * 0.6],
    ],
    tape,
  );
  pen.polygon(
    [
      [x - 0.05, top],
      [x - 0.05 + depth, 1],
      [x + 0.05 + depth, 1],
      [x + 0.05, top],
    ],
    tape,
  );
  if (!hasLabel) return;
  pen.polygon(
    [
      [-width * 0.42, 0.1],
      [-width * 0.42, 0.32],
      [-width * 0.1, 0.32],
      [-width * 0.1, 0.1],
    ],
    [235, 235, 235],
  );
  pen.line(
    [
      [-width * 0.38, 0.2],
      [-width * 0.16, 0.2],
    ],
    0.02,
    [40, 40, 40],
  );
}
