import type { SeededRandom } from './random.js';

/** Red, green and blue, 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

const SKINS: readonly [Colour, ...Colour[]] = [
  [225, 180, 150],
  [200, 140, 100],
  [150, 90, 60],
  [100, 60, 40],
];
const FURS: readonly [Colour, ...Colour[]] = [
  [45, 40, 40],
  [140, 90, 60],
  [180, 130, 90],
  [200, 190, 180],
  [232, 228, 225],
  [90, 60, 40],
  [125, 120, 120],
  [190, 110, 50],
];

/** The colour made darker (below 1) or lighter (above 1). */
export function shade([red, green, blue]: Colour, factor: number): Colour {
  return [clamp(red * factor), clamp(green * factor), clamp(blue * factor)];
}

export function anyColour(random: SeededRandom, low = 20, high = 235): Colour {
  return [random.between(low, high), random.between(low, high), random.between(low, high)];
}

export function skinColour(random: SeededRandom): Colour {
  return near(random, random.pick(SKINS), 15);
}

export function furColour(random: SeededRandom): Colour {
  return near(random, random.pick(FURS), 18);
}

/** A colour whose channels are each at most `distance` away. */
export function near(random: SeededRandom, [red, green, blue]: Colour, distance: number): Colour {
  const moved = (channel: number): number => clamp(channel + random.between(-distance, distance));
  return [moved(red), moved(green), moved(blue)];
}

/** Part of the way from one colour to another. */
export function blend(from: Colour, to: Colour, share: number): Colour {
  const part = (a: number, b: number): number => a + (b - a) * share;
  return [part(from[0], to[0]), part(from[1], to[1]), part(from[2], to[2])];
}

function clamp(channel: number): number {
  return Math.min(255, Math.max(0, channel));
}
