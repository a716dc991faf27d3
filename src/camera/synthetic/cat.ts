import type { Point } from './canvas.js';
import { type Colour, furColour, shade } from './colour.js';
import { type Gait, swing } from './gait.js';
import type { Pen } from './pen.js';
import type { SeededRandom } from './random.js';

const BACK = 0.42;

export interface CatLook {
  readonly fur: Colour;
  readonly hasStripes: boolean;
  /** Half of the trunk's length when it walks. */
  readonly half: number;
  readonly tail: number;
  readonly phase: number;
}

export function catLook(random: SeededRandom): CatLook {
  return {
    fur: furColour(random),
    hasStripes: random.chance(0.5),
    half: random.between(0.5, 0.62),
    tail: random.between(0.2, 0.55),
    phase: random.between(0, 2 * Math.PI),
  };
}

/** A cat from its side: it walks, and where it stops it sits down. */
export function drawCat(pen: Pen, look: CatLook, gait: Gait): void {
  if (gait.stride < 0.1) drawSitting(pen, look);
  else drawWalking(pen, look, gait);
}

function drawSitting(pen: Pen, { fur, hasStripes }: CatLook): void {
  pen.line(
    [
      [-0.2, 0.06],
      [-0.5, 0.08],
      [-0.55, 0.25],
      [-0.45, 0.35],
    ],
    0.07,
    fur,
  );
  pen.polygon(
    [
      [-0.3, 0],
      [-0.32, 0.25],
      [-0.12, 0.62],
      [0.15, 0.64],
      [0.22, 0.3],
      [0.22, 0],
    ],
    fur,
  );
  pen.ellipse([-0.08, 0.2], [0.27, 0.2], fur);
  pen.line(
    [
      [0.14, 0.4],
      [0.16, 0.03],
    ],
    0.08,
    shade(fur, 0.85),
  );
  if (hasStripes) drawStripes(pen, fur);
  drawHead(pen, fur, [0.08, 0.74]);
}

function drawWalking(pen: Pen, look: CatLook, { phase, stride }: Gait): void {
  const { fur, half, tail } = look;
  [-half * 0.8, -half * 0.65, half * 0.65, half * 0.8].forEach((x, leg) => {
    const step = swing(phase + look.phase + leg * Math.PI * 0.9, stride, 0.18);
    pen.line(
      [
        [x, BACK],
        [x + step * 0.4, BACK * 0.5],
        [x + step, 0.04],
      ],
      0.07,
      shade(fur, leg % 2 === 0 ? 1 : 0.75),
    );
  });
  pen.line(
    [
      [-half, BACK + 0.06],
      [-half - 0.22, BACK + 0.1],
      [-half - 0.3, BACK + 0.1 + tail * 0.6],
      [-half - 0.2, BACK + 0.15 + tail],
    ],
    0.055,
    fur,
  );
  pen.ellipse([0, BACK + 0.02], [half * 1.05, 0.145], fur);
  if (look.hasStripes) drawStripes(pen, fur);
  drawHead(pen, fur, [half * 1.1, BACK + 0.22]);
}

function drawStripes(pen: Pen, fur: Colour): void {
  for (const x of [-0.2, -0.05, 0.1])
    pen.line(
      [
        [x, 0.34],
        [x + 0.02, 0.5],
      ],
      0.03,
      shade(fur, 0.6),
    );
}

function drawHead(pen: Pen, fur: Colour, [x, y]: Point): void {
  for (const side of [-1, 1]) {
    pen.polygon(
      [
        [x + side * 0.16, y + 0.06],
        [x + side * 0.14, y + 0.27],
        [x + side * 0.02, y + 0.14],
      ],
      shade(fur, 0.85),
    );
  }
  pen.ellipse([x, y], [0.175, 0.15], fur);
  for (const side of [-1, 1])
    pen.ellipse([x + 0.03 + side * 0.065, y + 0.03], [0.03, 0.025], [200, 220, 80]);
  pen.ellipse([x + 0.03, y - 0.04], [0.02, 0.015], [200, 120, 120]);
}
