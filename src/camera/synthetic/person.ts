import type { Point } from './canvas.js';
import { anyColour, type Colour, shade, skinColour } from './colour.js';
import { type Gait, swing } from './gait.js';
import type { Pen } from './pen.js';
import type { SeededRandom } from './random.js';

const HIP = 0.48;
const SHOULDER = 0.8;
const ARM = { upper: 0.16, lower: 0.16 };

export interface PersonLook {
  readonly skin: Colour;
  readonly top: Colour;
  readonly bottom: Colour;
  readonly shoes: Colour;
  readonly hair: Colour;
  readonly hairCut: 'short' | 'long' | 'cap';
  readonly breadth: number;
  readonly isFrontal: boolean;
  readonly stripe: Colour | null;
  readonly backpack: Colour | null;
  /** Where the step begins. */
  readonly phase: number;
}

export function personLook(random: SeededRandom): PersonLook {
  return {
    skin: skinColour(random),
    top: anyColour(random),
    bottom: anyColour(random, 15, 190),
    shoes: random.chance(0.6) ? [30, 30, 30] : anyColour(random),
    hair: anyColour(random, 10, 120),
    hairCut: random.pick(['short', 'long', 'cap']),
    breadth: random.between(0.85, 1.3),
    isFrontal: random.chance(0.35),
    stripe: random.chance(0.3) ? anyColour(random) : null,
    backpack: random.chance(0.2) ? anyColour(random) : null,
    phase: random.between(0, 2 * Math.PI),
  };
}

/** A person, standing, walking, riding or carrying something. */
export function drawPerson(pen: Pen, look: PersonLook, gait: Gait): void {
  const phase = gait.phase + look.phase;
  const { top, breadth, isFrontal } = look;
  const arms = armsOf(phase, gait, isFrontal);
  if (look.backpack) drawBackpack(pen, look.backpack, isFrontal ? 0.1 : 0.08);
  drawArm(pen, look, arms[0], 0.75);
  if (gait.manner === 'ride') drawPedallingLegs(pen, look, phase);
  else drawWalkingLegs(pen, look, phase, gait.stride);
  const width = (isFrontal && gait.manner !== 'ride' ? 0.11 : 0.085) * breadth;
  drawTorso(pen, look, width, top);
  drawHead(pen, look);
  drawArm(pen, look, arms[1], 0.9);
}

function drawWalkingLegs(
  pen: Pen,
  { bottom, shoes, breadth, isFrontal }: PersonLook,
  phase: number,
  stride: number,
): void {
  const width = 0.075 * breadth;
  for (const side of [1, -1]) {
    const spread = isFrontal ? side * 0.045 : 0;
    const foot = swing(phase, stride, 0.16) * side + spread;
    const lift = stride * 0.05 * Math.max(0, Math.cos(phase) * side);
    const knee = foot * 0.5 + stride * 0.04 * Math.max(0, Math.sin(phase * side + 1));
    pen.line(
      [
        [side * 0.02, HIP],
        [knee, 0.25 + lift * 0.5],
        [foot, 0.03 + lift],
      ],
      width,
      shade(bottom, side > 0 ? 0.8 : 1),
    );
    pen.line(
      [
        [foot, 0.02 + lift],
        [foot + 0.05, 0.02 + lift],
      ],
      0.04,
      shoes,
    );
  }
}

function drawPedallingLegs(pen: Pen, { bottom, shoes, breadth }: PersonLook, phase: number): void {
  for (const side of [0, Math.PI]) {
    const foot: Point = [0.06 + 0.07 * Math.cos(phase + side), 0.1 + 0.07 * Math.sin(phase + side)];
    const knee: Point = [0.17, foot[1] + 0.2];
    pen.line([[-0.04, HIP], knee, foot], 0.075 * breadth, shade(bottom, side > 0 ? 0.8 : 1));
    pen.line([foot, [foot[0] + 0.05, foot[1]]], 0.04, shoes);
  }
}

/** Elbow and hand of the far and of the near arm. */
function armsOf(phase: number, { manner, stride }: Gait, isFrontal: boolean): readonly [Arm, Arm] {
  const forward: Arm = { elbow: [0.12, SHOULDER - ARM.upper], hand: [0.26, SHOULDER - 0.2] };
  if (manner !== 'plain') return [forward, forward];
  const angle = swing(phase + Math.PI, stride, 0.16);
  const spread = isFrontal ? 0.12 : 0.03;
  return [
    { elbow: [angle * 0.6 - spread * 0.7, 0.64], hand: [angle + 0.03 - spread, 0.48] },
    { elbow: [-angle * 0.6 + spread * 0.7, 0.64], hand: [-angle + 0.03 + spread, 0.48] },
  ];
}

interface Arm {
  readonly elbow: Point;
  readonly hand: Point;
}

function drawArm(
  pen: Pen,
  { top, skin, breadth }: PersonLook,
  { elbow, hand }: Arm,
  light: number,
): void {
  pen.line([[0, SHOULDER - 0.03], elbow, hand], 0.05 * breadth, shade(top, light));
  pen.ellipse(hand, [0.028, 0.028], skin);
}

function drawTorso(pen: Pen, { stripe }: PersonLook, width: number, top: Colour): void {
  const outline: Point[] = [
    [-width, SHOULDER],
    [-width * 0.8, HIP - 0.02],
    [width * 0.8, HIP - 0.02],
    [width, SHOULDER],
    [width * 0.6, SHOULDER + 0.035],
    [-width * 0.6, SHOULDER + 0.035],
  ];
  pen.polygon(outline, top);
  if (stripe)
    pen.line(
      [
        [-width * 0.8, SHOULDER - 0.1],
        [width * 0.8, SHOULDER - 0.1],
      ],
      0.03,
      stripe,
    );
}

function drawBackpack(pen: Pen, colour: Colour, width: number): void {
  pen.polygon(
    [
      [-width - 0.07, 0.55],
      [-width - 0.07, 0.77],
      [-width + 0.02, 0.79],
      [-width + 0.02, 0.55],
    ],
    colour,
  );
}

function drawHead(pen: Pen, { skin, hair, hairCut }: PersonLook): void {
  pen.line(
    [
      [0, SHOULDER],
      [0, 0.86],
    ],
    0.05,
    skin,
  );
  pen.ellipse([0.01, 0.92], [0.058, 0.075], skin);
  if (hairCut === 'cap') {
    pen.ellipse([0, 0.965], [0.065, 0.035], hair);
    return;
  }
  pen.polygon(
    [
      [-0.06, 0.9],
      [-0.062, 0.96],
      [-0.02, 1],
      [0.04, 1],
      [0.068, 0.95],
      [0, 0.955],
      [-0.025, 0.9],
    ],
    hair,
  );
  if (hairCut === 'long')
    pen.line(
      [
        [-0.045, 0.94],
        [-0.055, 0.84],
      ],
      0.045,
      hair,
    );
}
