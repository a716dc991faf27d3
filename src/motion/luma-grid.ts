import type { Frame, FrameLayout } from '../domain/frame.js';
import { type LumaRead, lumaReader } from './luma-kernel.js';

/** Cells along the longer side of the picture. */
const CELLS_A_SIDE = 64;
/** Pixels looked at in a cell, in each direction: 16 of them quarter the noise. As in luma.c. */
const SAMPLES_A_SIDE = 4;

/**
 * A picture as a coarse grid of brightness, each cell the mean of 16 of its pixels: the cost is the
 * same for every size of picture.
 */
export class LumaGrid {
  readonly columns: number;
  readonly rows: number;
  /** Brightness of each cell, 0..255, row by row. */
  readonly cells: Float32Array;
  readonly #layout: FrameLayout;
  /** Where samples are: bytes from the start of a row, and from the start of the frame. */
  readonly #columnBytes: Int32Array;
  readonly #rowBytes: Int32Array;
  readonly #readLuma: LumaRead = lumaReader();

  constructor(layout: FrameLayout) {
    const { widthPx, heightPx, pixelFormat, strideBytes } = layout;
    const cellPx = Math.max(widthPx, heightPx) / CELLS_A_SIDE;
    this.#layout = layout;
    this.columns = Math.max(1, Math.round(widthPx / cellPx));
    this.rows = Math.max(1, Math.round(heightPx / cellPx));
    this.cells = new Float32Array(this.columns * this.rows);
    this.#columnBytes = samples(this.columns, widthPx, pixelFormat === 'rgb24' ? 3 : 1);
    this.#rowBytes = samples(this.rows, heightPx, strideBytes);
  }

  /** Whether a frame has the layout that this grid was made for. */
  fits(frame: FrameLayout): boolean {
    const { widthPx, heightPx, pixelFormat, strideBytes } = this.#layout;
    return (
      frame.widthPx === widthPx &&
      frame.heightPx === heightPx &&
      frame.pixelFormat === pixelFormat &&
      frame.strideBytes === strideBytes
    );
  }

  /** Reads a frame that fits. */
  read({ data, pixelFormat }: Pick<Frame, 'data' | 'pixelFormat'>): void {
    if (pixelFormat === 'rgb24') this.#readColours(data);
    else this.#readLuma(data, this.#rowBytes, this.#columnBytes, this.cells);
  }

  /** Brightness as a quarter red, half green, a quarter blue: near enough to tell a change. */
  #readColours(data: Uint8Array): void {
    const { cells, columns } = this;
    const at = this.#columnBytes;
    cells.fill(0);
    for (let sampleRow = 0; sampleRow < this.#rowBytes.length; sampleRow++) {
      const row = this.#rowBytes[sampleRow] ?? 0;
      const firstCell = Math.trunc(sampleRow / SAMPLES_A_SIDE) * columns;
      for (let i = 0; i < at.length; i++) {
        const pixel = row + (at[i] ?? 0);
        const sum = (data[pixel] ?? 0) + 2 * (data[pixel + 1] ?? 0) + (data[pixel + 2] ?? 0);
        const cell = firstCell + (i >> 2);
        cells[cell] = (cells[cell] ?? 0) + sum / 64;
      }
    }
  }
}

/** Offsets of the samples of all cells along one direction, evenly apart. */
function samples(cells: number, sizePx: number, bytesApart: number): Int32Array {
  const count = cells * SAMPLES_A_SIDE;
  return Int32Array.from(
    { length: count },
    (_, i) => Math.floor(((i + 0.5) * sizePx) / count) * bytesApart,
  );
}
