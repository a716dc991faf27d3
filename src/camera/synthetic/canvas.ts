import type { Colour } from './colour.js';

/** Pixels to the right and downwards from the top left corner of the picture. */
export type Point = readonly [x: number, y: number];

/** Who covers a pixel: the background, an object of this number, or something in front of all. */
export const BACKGROUND = 0;
export const FOREGROUND = 255;

/** What an owner covers of a picture, in pixels. */
export interface Coverage {
  /** Drawn, whether something else was drawn over it later or not. */
  readonly drawnPx: number;
  /** Not covered by anything. */
  readonly visiblePx: number;
  /** Around all that was drawn; the right and bottom edges are outside. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
}

/**
 * A picture in rgb24 into which smooth shapes are filled, and who owns each of its pixels: from
 * that comes the truth about what is to be seen.
 */
export class Canvas {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly #owners: Uint8Array;
  readonly #tallies = new Map<number, Tally>();
  /** Signed coverage of the shape being filled; all zero between two shapes. */
  readonly #edges: Float32Array;

  constructor(widthPx: number, heightPx: number) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.pixels = new Uint8Array(widthPx * heightPx * 3);
    this.#owners = new Uint8Array(widthPx * heightPx);
    this.#edges = new Float32Array((widthPx + 2) * heightPx);
  }

  /** Begins a new picture on a background of the same size. */
  begin(background: Uint8Array): void {
    this.pixels.set(background);
    this.#owners.fill(BACKGROUND);
    this.#tallies.clear();
  }

  /** What an owner covers by now; null when it covers nothing. */
  coverageOf(owner: number): Coverage | null {
    const tally = this.#tallies.get(owner);
    if (!tally || tally.drawnPx === 0) return null;
    const { drawnPx, visiblePx, left, top, right, bottom } = tally;
    return { drawnPx, visiblePx, box: { left, top, right, bottom } };
  }

  /**
   * Fills the area between closed paths with soft edges. A path inside another that runs the other
   * way round is a hole; paths must not cross themselves.
   */
  fill(paths: readonly (readonly Point[])[], colour: Colour, owner: number, opacity = 1): void {
    const area = this.#areaOf(paths);
    if (area === null) return;
    for (const path of paths) {
      let from = path[path.length - 1];
      for (const to of path) {
        if (from) this.#addEdge(from, to, area);
        from = to;
      }
    }
    this.#sweep(area, colour, owner, opacity);
  }

  #areaOf(paths: readonly (readonly Point[])[]): Area | null {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const path of paths) {
      for (const [x, y] of path) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
    }
    left = Math.max(0, Math.floor(left));
    top = Math.max(0, Math.floor(top));
    right = Math.min(this.widthPx, Math.ceil(right));
    bottom = Math.min(this.heightPx, Math.ceil(bottom));
    return right > left && bottom > top ? { left, top, right, bottom } : null;
  }

  /**
   * Adds what lies to the right of an edge to the signed coverage: the exact area in the pixels it
   * passes, and one step of its height for all behind, which the sweep adds up.
   */
  #addEdge(from: Point, to: Point, { left, top, right, bottom }: Area): void {
    const isDown = from[1] < to[1];
    const [upper, lower] = isDown ? [from, to] : [to, from];
    const yEnd = Math.min(lower[1], bottom);
    let y = Math.max(upper[1], top);
    if (y >= yEnd) return;
    const slope = (lower[0] - upper[0]) / (lower[1] - upper[1]);
    let x = upper[0] + (y - upper[1]) * slope - left;
    const width = right - left;
    for (let row = Math.floor(y); y < yEnd; row++) {
      const yNext = Math.min(row + 1, yEnd);
      const height = yNext - y;
      const xNext = x + slope * height;
      const step = isDown ? height : -height;
      const begin = Math.min(width, Math.max(0, Math.min(x, xNext)));
      const end = Math.min(width, Math.max(0, Math.max(x, xNext)));
      this.#addSpan((row - top) * (width + 2), begin, end, step);
      y = yNext;
      x = xNext;
    }
  }

  /** One row of an edge, which enters the row at `begin` and leaves it at `end`, in pixels. */
  #addSpan(line: number, begin: number, end: number, step: number): void {
    const edges = this.#edges;
    const first = Math.floor(begin);
    const last = Math.ceil(end);
    const at = line + first;
    if (last <= first + 1) {
      const mean = (begin + end) / 2 - first;
      edges[at] = (edges[at] ?? 0) + step * (1 - mean);
      edges[at + 1] = (edges[at + 1] ?? 0) + step * mean;
      return;
    }
    // The edge crosses several pixels: what it has covered up to each, by its line's integral.
    const perPixel = step / (end - begin);
    let covered = 0;
    for (let pixel = first; pixel < last; pixel++) {
      const from = Math.max(begin, pixel);
      const to = Math.min(end, pixel + 1);
      const inside = to - from;
      const area = perPixel * (from - begin + inside * (pixel + 1 - (from + to) / 2));
      edges[line + pixel] = (edges[line + pixel] ?? 0) + area - covered;
      covered = area;
    }
    edges[line + last] = (edges[line + last] ?? 0) + step - covered;
  }

  /** Adds the signed coverage up along each row, and paints and claims what is covered. */
  #sweep({ left, top, right, bottom }: Area, colour: Colour, owner: number, opacity: number): void {
    const stride = right - left + 2;
    const edges = this.#edges;
    const claim = opacity === 1 && owner !== BACKGROUND ? this.#tallyOf(owner) : null;
    for (let y = top; y < bottom; y++) {
      let covered = 0;
      let at = (y - top) * stride;
      for (let x = left; x < right; x++, at++) {
        covered += edges[at] ?? 0;
        edges[at] = 0;
        const share = Math.min(1, Math.abs(covered)) * opacity;
        if (share < 0.004) continue;
        this.#paint(y * this.widthPx + x, colour, share);
        if (claim !== null && share >= 0.5) this.#claim(x, y, claim);
      }
      edges[at] = 0;
      edges[at + 1] = 0;
    }
  }

  #paint(pixel: number, [red, green, blue]: Colour, share: number): void {
    const { pixels } = this;
    const i = pixel * 3;
    pixels[i] = (pixels[i] ?? 0) * (1 - share) + red * share + 0.5;
    pixels[i + 1] = (pixels[i + 1] ?? 0) * (1 - share) + green * share + 0.5;
    pixels[i + 2] = (pixels[i + 2] ?? 0) * (1 - share) + blue * share + 0.5;
  }

  #claim(x: number, y: number, tally: Tally): void {
    const pixel = y * this.widthPx + x;
    const before = this.#owners[pixel] ?? BACKGROUND;
    if (before === tally.owner) return;
    this.#owners[pixel] = tally.owner;
    const loser = this.#tallies.get(before);
    if (loser) loser.visiblePx -= 1;
    tally.drawnPx += 1;
    tally.visiblePx += 1;
    if (x < tally.left) tally.left = x;
    if (y < tally.top) tally.top = y;
    if (x >= tally.right) tally.right = x + 1;
    if (y >= tally.bottom) tally.bottom = y + 1;
  }

  #tallyOf(owner: number): Tally {
    const known = this.#tallies.get(owner);
    if (known) return known;
    const { widthPx: left, heightPx: top } = this;
    const made = { owner, drawnPx: 0, visiblePx: 0, left, top, right: 0, bottom: 0 };
    this.#tallies.set(owner, made);
    return made;
  }
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Tally {
  readonly owner: number;
  drawnPx: number;
  visiblePx: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}
