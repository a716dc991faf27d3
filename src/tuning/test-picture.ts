import { type Frame, packedLayout } from '../domain/frame.js';

const WIDTH_PX = 320;
const HEIGHT_PX = 240;

/**
 * A picture with what pictures have, for when no camera has given one yet: light that falls off,
 * edges, round and square shapes, fine grain. Always the same one.
 */
export function testPicture(): Frame {
  const layout = packedLayout('rgb24', WIDTH_PX, HEIGHT_PX);
  const data = new Uint8Array(layout.strideBytes * HEIGHT_PX);
  let noise = 1;
  for (let pixel = 0; pixel < WIDTH_PX * HEIGHT_PX; pixel++) {
    // Numerical Recipes' linear congruential generator: grain that is the same everywhere.
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
    const grain = (noise >>> 28) - 8;
    const x = pixel % WIDTH_PX;
    const colour = colourAt(x, (pixel - x) / WIDTH_PX);
    data.set(
      colour.map((value) => value + grain),
      pixel * 3,
    );
  }
  return {
    ...layout,
    data,
    sequence: 0,
    capturedAtMs: 0,
    monotonicMs: 0,
    timestampSource: 'read',
  };
}

/** Red, green and blue without grain: a shaded wall with a disc and a block before it. */
function colourAt(x: number, y: number): readonly [number, number, number] {
  const light = 60 + (120 * x) / WIDTH_PX + (40 * y) / HEIGHT_PX;
  if ((x - 90) ** 2 + (y - 100) ** 2 < 50 ** 2) return [light + 60, light, light * 0.8 - 40];
  const isBlock = x > 190 && x < 260 && y > 60 && y < 210;
  return isBlock ? [light, light - 50, light * 0.8 + 60] : [light, light, light * 0.8];
}
