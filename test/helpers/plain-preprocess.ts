import { pixelValues } from '../../src/detection/pixel-values.js';
import { placePicture } from '../../src/detection/placement.js';
import type { Fit, ModelInput } from '../../src/domain/detector-model.js';
import type { Frame, YuvColours } from '../../src/domain/frame.js';
import { colourTerms } from './colours.js';

interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

interface Plane {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The byte at a position. */
  at(x: number, y: number): number;
}

/** The values that `Preprocessor` has to write, pixel by pixel and as slowly as they are defined. */
export function plainPreprocess(frame: Frame, input: ModelInput, fit: Fit): number[] {
  const values = pixelValues(input);
  const { xPx, yPx, widthPx, heightPx } = placePicture(frame, input, fit);
  const rgbAt = picture(frame, { widthPx, heightPx });
  const result: number[] = [];
  for (let y = 0; y < input.heightPx; y++) {
    for (let x = 0; x < input.widthPx; x++) {
      const [column, row] = [x - xPx, y - yPx];
      const isInside = column >= 0 && column < widthPx && row >= 0 && row < heightPx;
      const rgb = isInside ? rgbAt(column, row) : [114, 114, 114];
      for (const value of rgb) result.push(values[Math.min(255, Math.max(0, value))]!);
    }
  }
  return result;
}

/** The scaled picture in RGB, not yet clamped. */
function picture(
  frame: Frame,
  to: { readonly widthPx: number; readonly heightPx: number },
): (x: number, y: number) => number[] {
  const [luma, ...others] = planesOf(frame).map((plane, i) => {
    const isChroma = i > 0 && frame.pixelFormat === 'yuv420p';
    return scaled(plane, isChroma ? halfOf(to) : to);
  });
  if (!luma) throw new Error('Cannot read a frame without planes');
  if (frame.pixelFormat === 'rgb24') {
    return (x, y) => [luma, ...others].map((plane) => plane.at(x, y));
  }
  const { black, gain, redOfV, greenOfU, greenOfV, blueOfU } = wholeTerms(frame.colours);
  return (x, y) => {
    const [u = 0, v = 0] = others.map((plane) => plane.at(x >> 1, y >> 1) - 128);
    const above = luma.at(x, y) - black;
    const base = above + ((above * gain + 128) >> 8);
    return [
      base + ((redOfV * v + 32768) >> 16),
      base - ((greenOfU * u + greenOfV * v + 32768) >> 16),
      base + ((blueOfU * u + 32768) >> 16),
    ];
  };
}

/** The terms of the conversion, rounded as the plan keeps them. */
function wholeTerms(colours: YuvColours) {
  const { black, lumaScale, redOfV, greenOfU, greenOfV, blueOfU } = colourTerms(colours);
  const whole = (term: number): number => Math.round(term * 65536);
  return {
    black,
    gain: Math.round((lumaScale - 1) * 256),
    redOfV: whole(redOfV),
    greenOfU: whole(greenOfU),
    greenOfV: whole(greenOfV),
    blueOfU: whole(blueOfU),
  };
}

function planesOf(frame: Frame): Plane[] {
  const { data, widthPx, heightPx, strideBytes, chromaStrideBytes } = frame;
  const plane = (offset: number, stride: number, step: number, size = frame): Plane => ({
    widthPx: size.widthPx,
    heightPx: size.heightPx,
    at: (x, y) => data[offset + y * stride + x * step]!,
  });
  if (frame.pixelFormat === 'rgb24') return [0, 1, 2].map((i) => plane(i, strideBytes, 3));
  const half = { ...frame, ...halfOf({ widthPx, heightPx }) };
  const [u, bytes] = [strideBytes * heightPx, chromaStrideBytes * half.heightPx];
  return [
    plane(0, strideBytes, 1),
    plane(u, chromaStrideBytes, 1, half),
    plane(u + bytes, chromaStrideBytes, 1, half),
  ];
}

function scaled(
  plane: Plane,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Plane {
  const across = Array.from({ length: widthPx }, (_, i) => tapsOf(i, plane.widthPx, widthPx));
  const down = Array.from({ length: heightPx }, (_, i) => tapsOf(i, plane.heightPx, heightPx));
  const sum = (columns: Taps, rows: Taps): number => {
    let total = 0;
    rows.weights.forEach((rowWeight, y) => {
      columns.weights.forEach((weight, x) => {
        total += rowWeight * weight * plane.at(columns.first + x, rows.first + y);
      });
    });
    return (total + 32768) >> 16;
  };
  const bytes = down.map((rows) => across.map((columns) => sum(columns, rows)));
  return { widthPx, heightPx, at: (x, y) => bytes[y]![x]! };
}

/** The source positions of one output position and their weights, which sum to 256. */
function tapsOf(index: number, from: number, to: number): Taps {
  if (from > to) {
    const [begin, end] = [(index * from) / to, ((index + 1) * from) / to];
    const first = Math.floor(begin);
    const length = Math.min(from, Math.ceil(end - 1e-9)) - first;
    const shares = Array.from(
      { length },
      (_, i) => Math.min(end, first + i + 1) - Math.max(begin, first + i),
    );
    return { first, weights: wholeWeights(shares) };
  }
  const centre = Math.min(from - 1, Math.max(0, ((index + 0.5) * from) / to - 0.5));
  const first = Math.floor(centre);
  const share = centre - first;
  return { first, weights: wholeWeights(share === 0 ? [1] : [1 - share, share]) };
}

/** Rounds the running sum, so that the weights sum to 256 exactly. */
function wholeWeights(shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  let [running, given] = [0, 0];
  return shares.map((share) => {
    running += share;
    const whole = Math.round((running / total) * 256) - given;
    given += whole;
    return whole;
  });
}

function halfOf({ widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number }): {
  readonly widthPx: number;
  readonly heightPx: number;
} {
  return { widthPx: Math.ceil(widthPx / 2), heightPx: Math.ceil(heightPx / 2) };
}
