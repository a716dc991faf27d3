import type { Point } from './canvas.js';
import { anyColour, type Colour } from './colour.js';
import type { Gait } from './gait.js';
import type { Pen } from './pen.js';
import type { SeededRandom } from './random.js';

const RADIUS = 0.33;
const SPOKES = 3;

export interface BicycleLook {
  readonly frame: Colour;
  readonly tyres: Colour;
  /** From the middle to each hub. */
  readonly wheelAt: number;
  readonly tyreWidth: number;
  readonly tubeWidth: number;
}

export function bicycleLook(random: SeededRandom): BicycleLook {
  return {
    frame: anyColour(random),
    tyres: random.chance(0.8) ? [25, 25, 25] : anyColour(random),
    wheelAt: random.between(0.48, 0.58),
    tyreWidth: random.between(0.035, 0.06),
    tubeWidth: random.between(0.04, 0.06),
  };
}

/** A bicycle from its side. */
export function drawBicycle(pen: Pen, look: BicycleLook, { phase }: Gait): void {
  const { frame, tyres, wheelAt, tyreWidth, tubeWidth } = look;
  for (const x of [-wheelAt, wheelAt]) {
    for (let spoke = 0; spoke < SPOKES; spoke++) {
      const angle = -phase + (spoke * Math.PI) / SPOKES;
      const [dx, dy] = [RADIUS * Math.cos(angle), RADIUS * Math.sin(angle)];
      pen.line(
        [
          [x - dx, RADIUS - dy],
          [x + dx, RADIUS + dy],
        ],
        0.012,
        [150, 150, 150],
      );
    }
    pen.ring([x, RADIUS], RADIUS - tyreWidth / 2, tyreWidth, tyres);
  }
  const [cranks, seat, head]: [Point, Point, Point] = [
    [-0.05, RADIUS - 0.02],
    [-0.17, 0.78],
    [wheelAt - 0.13, 0.82],
  ];
  pen.line([[-wheelAt, RADIUS], cranks, seat, [-wheelAt, RADIUS]], tubeWidth * 0.8, frame);
  pen.line([cranks, head, seat], tubeWidth, frame);
  pen.line(
    [
      [wheelAt, RADIUS],
      [wheelAt - 0.16, 0.95],
    ],
    tubeWidth,
    frame,
  );
  pen.line(
    [
      [wheelAt - 0.16, 0.95],
      [wheelAt - 0.1, 0.985],
      [wheelAt - 0.02, 0.97],
    ],
    tubeWidth,
    [30, 30, 30],
  );
  pen.line(
    [
      [-0.28, 0.86],
      [-0.08, 0.86],
    ],
    0.06,
    [25, 25, 25],
  );
  pen.line([seat, [-0.18, 0.86]], tubeWidth, [60, 60, 60]);
  pen.ellipse(cranks, [0.07, 0.07], [60, 60, 60]);
}
