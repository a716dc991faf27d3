import { anyColour, type Colour, furColour, shade } from './colour.js';
import { type Gait, swing } from './gait.js';
import type { Pen } from './pen.js';
import type { SeededRandom } from './random.js';

export interface DogLook {
  readonly fur: Colour;
  readonly patch: Colour | null;
  readonly collar: Colour | null;
  /** Half of the trunk's length. */
  readonly half: number;
  /** Height of the trunk. */
  readonly back: number;
  readonly tail: number;
  readonly phase: number;
}

export function dogLook(random: SeededRandom): DogLook {
  return {
    fur: furColour(random),
    patch: random.chance(0.3) ? furColour(random) : null,
    collar: random.chance(0.4) ? anyColour(random) : null,
    half: random.between(0.38, 0.47),
    back: random.between(0.5, 0.56),
    tail: random.between(0.1, 0.5),
    phase: random.between(0, 2 * Math.PI),
  };
}

/** A dog from its side, its head held high. */
export function drawDog(pen: Pen, look: DogLook, { phase, stride }: Gait): void {
  const { fur, patch, collar, half, back, tail } = look;
  const wag = 0.05 * Math.sin((phase + look.phase) * 1.7);
  [-half * 0.85, -half * 0.7, half * 0.75, half * 0.9].forEach((x, leg) => {
    const step = swing(phase + look.phase + leg * Math.PI * 0.9, stride, 0.2);
    pen.line(
      [
        [x, back],
        [x + step * 0.4, back * 0.5],
        [x + step, 0.04],
      ],
      0.095,
      shade(fur, leg % 2 === 0 ? 1 : 0.75),
    );
  });
  pen.line(
    [
      [-half * 1.05, back + 0.08],
      [-half * 1.25, back + 0.15 + tail * 0.4],
      [-half * 1.3 + wag, back + 0.2 + tail],
    ],
    0.06,
    fur,
  );
  pen.ellipse([0, back], [half * 1.1, 0.17], fur);
  pen.ellipse([half * 0.75, back + 0.04], [0.2, 0.2], fur);
  if (patch) pen.ellipse([-half * 0.3, back + 0.05], [0.2, 0.1], patch);
  pen.line(
    [
      [half * 0.85, back + 0.1],
      [half * 1.1, back + 0.32],
    ],
    0.18,
    fur,
  );
  if (collar)
    pen.line(
      [
        [half * 0.9, back + 0.24],
        [half * 1.2, back + 0.16],
      ],
      0.05,
      collar,
    );
  const head = half * 1.15;
  pen.ellipse([head, back + 0.36], [0.15, 0.13], fur);
  pen.polygon(
    [
      [half * 1.2, back + 0.44],
      [head + 0.34, back + 0.36],
      [head + 0.34, back + 0.27],
      [half * 1.2, back + 0.25],
    ],
    shade(fur, 1.1),
  );
  pen.ellipse([head + 0.33, back + 0.35], [0.035, 0.03], [20, 20, 20]);
  pen.ellipse([half * 1.1 - 0.03, back + 0.33], [0.055, 0.14], shade(fur, 0.6), -0.25);
  pen.ellipse([half * 1.2, back + 0.41], [0.02, 0.02], [15, 15, 15]);
}
