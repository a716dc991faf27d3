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
  for (let y = 0; y < HEIGHT_PX; y++) {
    for (let x = 0; x < WIDTH_PX; x++) {
      // Numerical Recipes' linear congruential generator: grain that is the same everywhere.
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
      const grain = (noise >>> 28) - 8;
      const light = 60 + (120 * x) / WIDTH_PX + (40 * y) / HEIGHT_PX;
      const isDisc = (x - 90) ** 2 + (y - 100) ** 2 < 50 ** 2;
      const isBlock = x > 190 && x < 260 && y > 60 && y < 210;
      const at = y * layout.strideBytes + x * 3;
      data[at] = light + grain + (isDisc ? 60 : 0);
      data[at + 1] = light + grain - (isBlock ? 50 : 0);
      data[at + 2] = light * 0.8 + grain - (isDisc ? 40 : 0) + (isBlock ? 60 : 0);
    }
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
