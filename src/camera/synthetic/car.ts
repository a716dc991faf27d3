import type { Point } from './canvas.js';
import { anyColour, type Colour, shade } from './colour.js';
import type { Gait } from './gait.js';
import type { Pen } from './pen.js';
import type { SeededRandom } from './random.js';

const WHEEL = 0.2;

export interface CarLook {
  readonly body: Colour;
  /** From bumper to bumper, in heights. */
  readonly length: number;
  /** Where roof and windscreens meet, from the middle. */
  readonly roofBack: number;
  readonly roofFront: number;
  /** How flat the windscreen lies. */
  readonly rake: number;
  readonly glass: Colour;
  readonly rims: Colour;
}

export function carLook(random: SeededRandom): CarLook {
  const length = random.between(2.2, 3);
  const isVan = random.chance(0.25);
  return {
    body: anyColour(random, 15, 240),
    length,
    roofBack: -(length / 2) * (isVan ? 0.95 : random.between(0.6, 0.85)),
    roofFront: (length / 2) * random.between(0.25, 0.45),
    rake: random.between(0.25, 0.55),
    glass: random.chance(0.6) ? [80, 100, 120] : [40, 45, 50],
    rims: random.chance(0.7) ? [150, 150, 150] : [70, 70, 70],
  };
}

/** A car from its side. */
export function drawCar(pen: Pen, look: CarLook, { phase }: Gait): void {
  const { body, length, rims } = look;
  const half = length / 2;
  const hull: Point[] = [
    [-half, 0.2],
    [-half, 0.52],
    [-half + 0.1, 0.6],
    [half * 0.55, 0.6],
    [half * 0.95, 0.5],
    [half, 0.4],
    [half, 0.2],
  ];
  drawCabin(pen, look);
  pen.polygon(hull, body);
  pen.line(
    [
      [-half, 0.24],
      [half, 0.24],
    ],
    0.04,
    shade(body, 0.6),
  );
  for (const x of [-half * 0.62, half * 0.62]) drawWheel(pen, x, rims, phase);
  pen.ellipse([half * 0.96, 0.44], [0.06, 0.05], [255, 245, 210]);
  pen.ellipse([-half * 0.98, 0.46], [0.04, 0.06], [200, 40, 40]);
}

function drawCabin(pen: Pen, { body, roofBack, roofFront, rake, glass }: CarLook): void {
  const cabin: Point[] = [
    [roofBack, 0.58],
    [roofBack + 0.18, 0.97],
    [roofBack + 0.3, 1],
    [roofFront - rake * 0.8, 1],
    [roofFront - rake * 0.5, 0.97],
    [roofFront + 0.12, 0.58],
  ];
  pen.polygon(cabin, shade(body, 0.9));
  const post = (roofBack + roofFront) / 2 - 0.1;
  const rear: Point[] = [
    [roofBack + 0.16, 0.62],
    [roofBack + 0.28, 0.92],
    [post - 0.03, 0.92],
    [post - 0.03, 0.62],
  ];
  const front: Point[] = [
    [post + 0.04, 0.62],
    [post + 0.04, 0.92],
    [roofFront - rake * 0.6, 0.92],
    [roofFront - 0.02, 0.62],
  ];
  pen.polygon(rear, glass);
  pen.polygon(front, glass);
}

function drawWheel(pen: Pen, x: number, rims: Colour, phase: number): void {
  pen.ellipse([x, WHEEL], [WHEEL, WHEEL], [22, 22, 22]);
  pen.ellipse([x, WHEEL], [0.11, 0.11], rims);
  const [dx, dy] = [0.1 * Math.cos(-phase), 0.1 * Math.sin(-phase)];
  pen.line(
    [
      [x - dx, WHEEL - dy],
      [x + dx, WHEEL + dy],
    ],
    0.03,
    shade(rims, 0.6),
  );
}
