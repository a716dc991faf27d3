/** Finds connected pieces in masks of one size, without allocating. */
export class LargestPiece {
  readonly #columns: number;
  readonly #rows: number;
  readonly #stack: Int32Array;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
    this.#stack = new Int32Array(columns * rows);
  }

  /** Number of cells in the largest piece of cells that are 1 and touch, if only by a corner; all of the mask is 0 then. */
  take(mask: Uint8Array): number {
    let largest = 0;
    for (let cell = 0; cell < mask.length; cell++) {
      if (mask[cell] === 1) largest = Math.max(largest, this.#flood(mask, cell));
    }
    return largest;
  }

  #flood(mask: Uint8Array, from: number): number {
    const stack = this.#stack;
    let height = 0;
    let size = 0;
    mask[from] = 0;
    stack[height++] = from;
    while (height > 0) {
      const cell = stack[--height] ?? 0;
      size += 1;
      const column = cell % this.#columns;
      const row = (cell - column) / this.#columns;
      for (let y = Math.max(0, row - 1); y <= Math.min(this.#rows - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(this.#columns - 1, column + 1); x++) {
          const near = y * this.#columns + x;
          if (mask[near] !== 1) continue;
          // Cleared when it is put down, so that no cell is twice on the stack.
          mask[near] = 0;
          stack[height++] = near;
        }
      }
    }
    return size;
  }
}
