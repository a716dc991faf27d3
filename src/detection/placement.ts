import { type BoundingBox, boxArea, clipToFrame } from '../domain/bounding-box.js';
import type { Fit } from '../domain/detector-model.js';

/** Where a picture lies inside a model's input, in pixels of the input. */
export interface Placement {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** `stretch` fills the input; `letterbox` keeps the aspect ratio and centres the picture. */
export function placePicture(picture: Size, input: Size, fit: Fit): Placement {
  if (fit === 'stretch') return { xPx: 0, yPx: 0, ...sizeOf(input) };
  const scale = Math.min(input.widthPx / picture.widthPx, input.heightPx / picture.heightPx);
  const widthPx = Math.max(1, Math.round(picture.widthPx * scale));
  const heightPx = Math.max(1, Math.round(picture.heightPx * scale));
  return {
    xPx: Math.floor((input.widthPx - widthPx) / 2),
    yPx: Math.floor((input.heightPx - heightPx) / 2),
    widthPx,
    heightPx,
  };
}

/**
 * A box in fractions of the model's input as fractions of the picture, clipped to it; null where
 * nothing of it lies inside, as models also see things in the bars of a letterbox.
 */
export function boxInPicture(
  box: BoundingBox,
  placement: Placement,
  input: Size,
): BoundingBox | null {
  const { xPx, yPx, widthPx, heightPx } = placement;
  const inside = clipToFrame({
    xMin: (box.xMin * input.widthPx - xPx) / widthPx,
    yMin: (box.yMin * input.heightPx - yPx) / heightPx,
    xMax: (box.xMax * input.widthPx - xPx) / widthPx,
    yMax: (box.yMax * input.heightPx - yPx) / heightPx,
  });
  return boxArea(inside) > 0 ? inside : null;
}

function sizeOf({ widthPx, heightPx }: Size): Size {
  return { widthPx, heightPx };
}
