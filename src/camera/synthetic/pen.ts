import type { Canvas, Point } from './canvas.js';
import type { Colour } from './colour.js';

/** Corners of an ellipse and of a line's round ends: smooth enough up to 400 px. */
const ELLIPSE_CORNERS = 28;
const CAP_CORNERS = 5;

/** Where a figure stands and how large it is. */
export interface Stance {
  /** Of the point on the ground below it. */
  readonly xPx: number;
  readonly yPx: number;
  /** Length of the figure's unit, its height. */
  readonly unitPx: number;
  /** Which way it looks. */
  readonly facing: 'left' | 'right';
}

/**
 * Draws one figure in its own measures: x forward and y up from the point on the ground below it,
 * in units of its height.
 */
export class Pen {
  readonly #canvas: Canvas;
  readonly #stance: Stance;
  readonly #owner: number;

  constructor(canvas: Canvas, stance: Stance, owner: number) {
    this.#canvas = canvas;
    this.#stance = stance;
    this.#owner = owner;
  }

  /** A pen for something this figure carries or sits on, standing at `at`, `unit` times as tall. */
  at([x, y]: Point, unit: number): Pen {
    const [xPx, yPx] = this.#place([x, y]);
    const stance = { ...this.#stance, xPx, yPx, unitPx: this.#stance.unitPx * unit };
    return new Pen(this.#canvas, stance, this.#owner);
  }

  polygon(points: readonly Point[], colour: Colour): void {
    this.#fill([points], colour);
  }

  /** A line through the points, with round ends and joints. */
  line(points: readonly Point[], width: number, colour: Colour): void {
    for (let i = 1; i < points.length; i++) {
      const [from, to] = [points[i - 1], points[i]];
      if (from && to) this.#fill([capsule(from, to, width / 2)], colour);
    }
  }

  /** @param turn of the first radius from forwards to up, in radians. */
  ellipse(centre: Point, radii: readonly [number, number], colour: Colour, turn = 0): void {
    this.#fill([ellipse(centre, radii, turn)], colour);
  }

  /** A circle's line of this width, outwards and inwards from the radius. */
  ring(centre: Point, radius: number, width: number, colour: Colour): void {
    const outer = radius + width / 2;
    const inner = radius - width / 2;
    const hole = ellipse(centre, [inner, inner], 0).reverse();
    this.#fill([ellipse(centre, [outer, outer], 0), hole], colour);
  }

  #fill(paths: readonly (readonly Point[])[], colour: Colour): void {
    const placed = paths.map((path) => path.map((point) => this.#place(point)));
    this.#canvas.fill(placed, colour, this.#owner);
  }

  #place([x, y]: Point): Point {
    const { xPx, yPx, unitPx, facing } = this.#stance;
    return [xPx + (facing === 'left' ? -x : x) * unitPx, yPx - y * unitPx];
  }
}

function ellipse([x, y]: Point, [rx, ry]: readonly [number, number], turn: number): Point[] {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return Array.from({ length: ELLIPSE_CORNERS }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / ELLIPSE_CORNERS;
    const [a, b] = [rx * Math.cos(angle), ry * Math.sin(angle)];
    return [x + a * cos - b * sin, y + a * sin + b * cos];
  });
}

function capsule([x0, y0]: Point, [x1, y1]: Point, radius: number): Point[] {
  const along = Math.atan2(y1 - y0, x1 - x0);
  const cap = (x: number, y: number, begin: number): Point[] =>
    Array.from({ length: CAP_CORNERS }, (_, i): Point => {
      const angle = begin + (Math.PI * i) / (CAP_CORNERS - 1);
      return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
    });
  return [...cap(x1, y1, along - Math.PI / 2), ...cap(x0, y0, along + Math.PI / 2)];
}
