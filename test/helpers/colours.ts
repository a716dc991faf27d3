import type { YuvColours } from '../../src/domain/frame.js';

/** How YUV becomes RGB, as the standards say it: JFIF, ITU-R BT.601 and BT.709. */
export function colourTerms(colours: YuvColours) {
  const [red, blue] = colours === 'bt709' ? [0.2126, 0.0722] : [0.299, 0.114];
  const green = 1 - red - blue;
  const isFull = colours === 'jpeg';
  const chromaScale = isFull ? 1 : 255 / 224;
  return {
    black: isFull ? 0 : 16,
    lumaScale: isFull ? 1 : 255 / 219,
    redOfV: 2 * (1 - red) * chromaScale,
    greenOfU: (2 * (1 - blue) * blue * chromaScale) / green,
    greenOfV: (2 * (1 - red) * red * chromaScale) / green,
    blueOfU: 2 * (1 - blue) * chromaScale,
  };
}

/** The exact RGB of a colour, within 0..255. */
export function rgbOf(
  [y, u, v]: readonly [number, number, number],
  colours: YuvColours,
): readonly [number, number, number] {
  const { black, lumaScale, redOfV, greenOfU, greenOfV, blueOfU } = colourTerms(colours);
  const luma = (y - black) * lumaScale;
  const clamped = (value: number): number => Math.min(255, Math.max(0, value));
  return [
    clamped(luma + redOfV * (v - 128)),
    clamped(luma - greenOfU * (u - 128) - greenOfV * (v - 128)),
    clamped(luma + blueOfU * (u - 128)),
  ];
}
