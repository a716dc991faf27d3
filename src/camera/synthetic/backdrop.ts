import { BACKGROUND, type Canvas, FOREGROUND, type Point } from './canvas.js';
import { anyColour, blend, type Colour, shade } from './colour.js';
import type { SeededRandom } from './random.js';
import { groundPx, personHeightPx, type Stage } from './stage.js';

/** Something that stands in the scene and hides what is behind it. */
export interface Prop {
  readonly depth: number;
  readonly xPx: number;
  draw(canvas: Canvas): void;
}

/** Paints wall or sky, ground and what stands far away onto an empty canvas. */
export function paintBackdrop(canvas: Canvas, stage: Stage, random: SeededRandom): void {
  paintGradients(canvas, stage, random);
  paintUnevenness(canvas, random, random.between(0, 16), 3 + random.whole(20));
  paintUnevenness(canvas, random, random.between(0, 7), 60);
  if (random.chance(0.4)) paintTiles(canvas, stage, random);
  const things = random.whole(8);
  for (let i = 0; i < things; i++) paintThing(canvas, stage, random);
  if (random.chance(0.4)) paintCastShadow(canvas, stage, random);
}

/** A pillar or a trunk that people can stand behind. */
export function createProp(stage: Stage, random: SeededRandom): Prop {
  const depth = random.between(0.45, 0.9);
  const xPx = random.between(0.2, 0.8) * stage.widthPx;
  const unitPx = personHeightPx(stage, depth);
  const widthPx = unitPx * random.between(0.1, 0.22);
  const colour = anyColour(random, 40, 200);
  const isTree = random.chance(0.5);
  const crown: Colour = [random.between(20, 80), random.between(70, 150), random.between(20, 70)];
  const foot = groundPx(stage, depth);
  return {
    depth,
    xPx,
    draw(canvas) {
      const top = isTree ? foot - unitPx * 1.5 : 0;
      const trunk = rectangle(xPx - widthPx / 2, top, widthPx, foot - top);
      canvas.fill([trunk], isTree ? [80, 60, 40] : colour, FOREGROUND);
      if (!isTree) return;
      for (const [dx, dy] of [
        [-0.25, 1.5],
        [0.25, 1.5],
        [0, 1.75],
      ] as const) {
        canvas.fill(
          [disc(xPx + dx * unitPx, foot - dy * unitPx, unitPx * 0.36)],
          crown,
          FOREGROUND,
        );
      }
    },
  };
}

function paintGradients(
  { pixels, widthPx, heightPx }: Canvas,
  { horizonPx }: Stage,
  random: SeededRandom,
): void {
  const [top, low] = [anyColour(random, 60, 230), anyColour(random, 60, 230)];
  const [ground, bottom] = [muted(anyColour(random, 40, 200)), muted(anyColour(random, 40, 200))];
  for (let y = 0; y < heightPx; y++) {
    const [red, green, blue] =
      y < horizonPx
        ? blend(top, low, y / horizonPx)
        : blend(ground, blend(ground, bottom, 0.5), (y - horizonPx) / (heightPx - horizonPx));
    for (let i = y * widthPx * 3; i < (y + 1) * widthPx * 3; i += 3) {
      pixels[i] = red;
      pixels[i + 1] = green;
      pixels[i + 2] = blue;
    }
  }
}

function muted([red, green, blue]: Colour): Colour {
  const grey = (red + green + blue) / 3;
  return blend([grey, grey, grey], [red, green, blue], 0.45);
}

/** Random brightness, smooth between the points of a grid. */
function paintUnevenness(
  { pixels, widthPx, heightPx }: Canvas,
  random: SeededRandom,
  strength: number,
  cells: number,
): void {
  const columns = cells + 2;
  const grid = Float32Array.from({ length: columns * columns }, () => random.gaussian() * strength);
  for (let y = 0; y < heightPx; y++) {
    const v = (y * cells) / heightPx;
    const row = Math.floor(v);
    const down = smooth(v - row);
    for (let x = 0; x < widthPx; x++) {
      const u = (x * cells) / widthPx;
      const column = Math.floor(u);
      const right = smooth(u - column);
      const at = row * columns + column;
      const above = mix(grid[at] ?? 0, grid[at + 1] ?? 0, right);
      const below = mix(grid[at + columns] ?? 0, grid[at + columns + 1] ?? 0, right);
      const more = mix(above, below, down);
      const i = (y * widthPx + x) * 3;
      for (let channel = i; channel < i + 3; channel++) {
        pixels[channel] = Math.min(255, Math.max(0, (pixels[channel] ?? 0) + more));
      }
    }
  }
}

function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/** Bricks on the wall or slabs on the ground. */
function paintTiles(
  canvas: Canvas,
  { horizonPx, heightPx, widthPx }: Stage,
  random: SeededRandom,
): void {
  const tileHeight = 10 + random.whole(30);
  const tileWidth = tileHeight * (1 + random.whole(3));
  const colour = anyColour(random, 60, 200);
  const [top, bottom] = random.chance(0.6) ? [0, horizonPx] : [horizonPx, heightPx];
  for (let y = top, row = 0; y < bottom; y += tileHeight, row++) {
    canvas.fill([rectangle(0, y, widthPx, 1)], colour, BACKGROUND, 0.6);
    for (let x = row % 2 === 0 ? 0 : tileWidth / 2; x < widthPx; x += tileWidth) {
      canvas.fill([rectangle(x, y, 1, Math.min(tileHeight, bottom - y))], colour, BACKGROUND, 0.6);
    }
  }
}

function paintThing(canvas: Canvas, { widthPx, horizonPx }: Stage, random: SeededRandom): void {
  const x = random.between(0, widthPx);
  const y = horizonPx + random.between(-30, 30);
  const size = random.between(15, 120);
  const colour = anyColour(random);
  const fill = (path: Point[], tone: Colour): void => canvas.fill([path], tone, BACKGROUND);
  switch (random.whole(6)) {
    case 0: // A door or a window.
      fill(rectangle(x, y - size * 2, size, size * 2), colour);
      fill(rectangle(x + size / 6, y - size * 1.8, size / 1.5, size * 0.8), shade(colour, 0.6));
      return;
    case 1: // A post.
      fill(rectangle(x, y - size * 3, random.between(2, 12), size * 3), colour);
      return;
    case 2: // A tree.
      fill(rectangle(x - size / 12, y - size * 2, size / 6, size * 2), [80, 60, 40]);
      for (let i = 0; i < 6; i++) {
        const leaf: Colour = [
          random.between(20, 80),
          random.between(70, 150),
          random.between(20, 70),
        ];
        fill(
          disc(
            x + random.gaussian() * size * 0.5,
            y - size * 2 + random.gaussian() * size * 0.5,
            size / 2,
          ),
          leaf,
        );
      }
      return;
    case 3: // A fence.
      for (let at = x; at < x + size * 4; at += Math.max(6, size / 6))
        fill(rectangle(at, y - size / 2, 2, size / 2), colour);
      fill(rectangle(x, y - size / 3, size * 4, 2), colour);
      return;
    case 4: // A bush, or a heap.
      fill(disc(x, y, size / 2, size / 4), shade(colour, 0.8));
      return;
    default: // A box without tape or label: a bin, a switch box.
      fill(rectangle(x, y - size / 3, size / 2, size * random.between(0.4, 0.9)), colour);
  }
}

function paintCastShadow(
  canvas: Canvas,
  { widthPx, heightPx, horizonPx }: Stage,
  random: SeededRandom,
): void {
  const x = random.between(0, widthPx);
  const y = random.between(horizonPx, heightPx);
  const [slant, width] = [random.between(-160, 160), random.between(60, 260)];
  const shadow: Point[] = [
    [x, y],
    [x + width, y],
    [x + width + slant, heightPx],
    [x + slant, heightPx],
  ];
  canvas.fill([shadow], [0, 0, 0], BACKGROUND, random.between(0.15, 0.4));
}

function rectangle(x: number, y: number, width: number, height: number): Point[] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

function disc(x: number, y: number, rx: number, ry = rx): Point[] {
  return Array.from({ length: 24 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / 24;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });
}
