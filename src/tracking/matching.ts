/** A column that a row may be given, and what the pair is worth. */
export interface Candidate {
  readonly column: number;
  /** Greater than 0; a row without a column is worth 0. */
  readonly gain: number;
}

/** Stands for "no column" and "no row". */
export const UNASSIGNED = -1;

/**
 * Gives rows to columns, each at most one, so that the sum of the gains is the greatest possible.
 * A row goes without rather than break up a pair that is worth more. The answer holds the column
 * of each row, or UNASSIGNED; equal inputs give equal answers.
 *
 * Shortest augmenting paths with dual variables: R. Jonker and A. Volgenant, "A Shortest Augmenting
 * Path Algorithm for Dense and Sparse Linear Assignment Problems", Computing 38 (1987), in the form
 * of D. F. Crouse, "On Implementing 2D Rectangular Assignment Algorithms" (2016). At most rows ·
 * (pairs + rows · columns) steps; with candidates that hardly compete, about rows · columns.
 */
export function assign(
  candidates: readonly (readonly Candidate[])[],
  columnCount: number,
): Int32Array {
  const assignment = new Assignment(candidates, columnCount);
  for (let row = 0; row < candidates.length; row += 1) assignment.place(row);
  return assignment.columnOfRow.map((column) => (column < columnCount ? column : UNASSIGNED));
}

/**
 * The solution for the rows placed so far. Each row has, beyond the real columns, one of its own
 * for going without, so every row finds a place.
 */
class Assignment {
  readonly columnOfRow: Int32Array;
  readonly #candidates: readonly (readonly Candidate[])[];
  readonly #columnCount: number;
  readonly #rowOfColumn: Int32Array;
  readonly #rowPrice: Float64Array;
  readonly #columnPrice: Float64Array;
  /** Of the search under way: least cost to reach a column, from which row, and which are done. */
  readonly #cost: Float64Array;
  readonly #cameFrom: Int32Array;
  readonly #done: Uint8Array;

  constructor(candidates: readonly (readonly Candidate[])[], columnCount: number) {
    const rows = candidates.length;
    const columns = columnCount + rows;
    this.#candidates = candidates;
    this.#columnCount = columnCount;
    this.columnOfRow = new Int32Array(rows).fill(UNASSIGNED);
    this.#rowOfColumn = new Int32Array(columns).fill(UNASSIGNED);
    this.#rowPrice = new Float64Array(rows);
    this.#columnPrice = new Float64Array(columns);
    this.#cost = new Float64Array(columns);
    this.#cameFrom = new Int32Array(columns);
    this.#done = new Uint8Array(columns);
  }

  /** Adds a row along the cheapest path of re-assignments that ends at a free column. */
  place(newRow: number): void {
    this.#cost.fill(Number.POSITIVE_INFINITY);
    this.#done.fill(0);
    let row = newRow;
    let column = UNASSIGNED;
    let reached = 0;
    do {
      this.#relax(row, reached);
      column = this.#nearest();
      reached = this.#cost[column] ?? 0;
      this.#done[column] = 1;
      row = this.#rowOfColumn[column] ?? UNASSIGNED;
    } while (row !== UNASSIGNED);
    this.#reprice(newRow, reached);
    this.#reassign(newRow, column);
  }

  #relax(row: number, reached: number): void {
    const base = reached - (this.#rowPrice[row] ?? 0);
    for (const { column, gain } of this.#candidates[row] ?? [])
      this.#offer(row, column, base - gain);
    this.#offer(row, this.#columnCount + row, base);
  }

  #offer(row: number, column: number, costBeforePrice: number): void {
    const cost = costBeforePrice - (this.#columnPrice[column] ?? 0);
    if (this.#done[column] === 1 || cost >= (this.#cost[column] ?? 0)) return;
    this.#cost[column] = cost;
    this.#cameFrom[column] = row;
  }

  #nearest(): number {
    let nearest = UNASSIGNED;
    let least = Number.POSITIVE_INFINITY;
    for (let column = 0; column < this.#cost.length; column += 1) {
      const cost = this.#cost[column] ?? least;
      if (this.#done[column] === 1 || cost >= least) continue;
      least = cost;
      nearest = column;
    }
    return nearest;
  }

  /** Keeps the invariant of the search: no pair costs less than the prices of its two ends. */
  #reprice(newRow: number, reached: number): void {
    this.#rowPrice[newRow] = (this.#rowPrice[newRow] ?? 0) + reached;
    for (let column = 0; column < this.#done.length; column += 1) {
      if (this.#done[column] !== 1) continue;
      const saved = reached - (this.#cost[column] ?? 0);
      this.#columnPrice[column] = (this.#columnPrice[column] ?? 0) - saved;
      const row = this.#rowOfColumn[column] ?? UNASSIGNED;
      if (row !== UNASSIGNED) this.#rowPrice[row] = (this.#rowPrice[row] ?? 0) + saved;
    }
  }

  #reassign(newRow: number, freeColumn: number): void {
    let column = freeColumn;
    for (;;) {
      const row = this.#cameFrom[column] ?? newRow;
      const previous = this.columnOfRow[row] ?? UNASSIGNED;
      this.#rowOfColumn[column] = row;
      this.columnOfRow[row] = column;
      if (row === newRow) return;
      column = previous;
    }
  }
}
