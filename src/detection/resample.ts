const { imul } = Math;

/** Weights are integers that sum to this, so that a plane's rows stay in whole numbers. */
const ONE = 256;
/** Half of the two passes' scale, for rounding. */
const HALF = (ONE * ONE) >> 1;
/** Weights kept for each position at least; unused ones are 0. Enough to shrink to a third. */
const FEW_TAPS = 4;

/** For each output position: the first source position and the weights of those that follow. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `stride` weights for each output position, 0 past its count. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** Interleaved bytes of one plane inside a larger buffer. */
export interface Plane {
  readonly data: Uint8Array;
  readonly offsetBytes: number;
  readonly strideBytes: number;
}

/**
 * Scales planes of one size to another: shrinking averages every pixel that is covered (no
 * aliasing), growing interpolates linearly. Both axes separately, rows first, in integers.
 * Holds its tables and its output, so a steady stream of frames allocates nothing.
 */
export class PlaneResampler {
  /** The last result: `toWidth · toHeight · channels` bytes, packed; overwritten by the next. */
  readonly output: Uint8Array;
  readonly #across: Taps;
  readonly #down: Taps;
  readonly #channels: number;
  readonly #rowLength: number;
  /** One source row after the vertical pass, scaled by ONE, then zeros for unused taps. */
  readonly #row: Int32Array;

  constructor(
    from: { readonly widthPx: number; readonly heightPx: number },
    to: { readonly widthPx: number; readonly heightPx: number },
    channels: number,
  ) {
    this.#across = tapsFor(from.widthPx, to.widthPx);
    this.#down = tapsFor(from.heightPx, to.heightPx);
    this.#channels = channels;
    this.#rowLength = from.widthPx * channels;
    this.#row = new Int32Array(this.#rowLength + FEW_TAPS);
    this.output = new Uint8Array(to.widthPx * to.heightPx * channels);
  }

  /** Scales one plane into `output`. */
  run(plane: Plane): void {
    const rows = this.#down.first.length;
    const isNarrow = this.#channels === 1 && this.#across.stride === FEW_TAPS;
    for (let y = 0; y < rows; y++) {
      this.#mixRows(plane, y);
      if (isNarrow) this.#mixFewColumns(y);
      else this.#mixColumns(y);
    }
  }

  /**
   * Sums the source rows of one output row. `imul` spares the engine its check for overflow, and
   * the first rows are summed in one go because reading and writing the sums is what costs here.
   */
  #mixRows({ data, offsetBytes, strideBytes }: Plane, y: number): void {
    const { first, count, weights, stride } = this.#down;
    const row = this.#row;
    const length = this.#rowLength;
    const taps = count[y]!;
    const a = offsetBytes + first[y]! * strideBytes;
    const b = a + strideBytes;
    const c = b + strideBytes;
    const weightA = weights[y * stride]!;
    const weightB = weights[y * stride + 1]!;
    const weightC = weights[y * stride + 2]!;
    if (taps === 1) {
      for (let x = 0; x < length; x++) row[x] = imul(weightA, data[a + x]!);
    } else if (taps === 2) {
      for (let x = 0; x < length; x++) {
        row[x] = (imul(weightA, data[a + x]!) + imul(weightB, data[b + x]!)) | 0;
      }
    } else {
      for (let x = 0; x < length; x++) {
        row[x] =
          (imul(weightA, data[a + x]!) +
            imul(weightB, data[b + x]!) +
            imul(weightC, data[c + x]!)) |
          0;
      }
    }
    for (let tap = 3; tap < taps; tap++) {
      const at = a + tap * strideBytes;
      const weight = weights[y * stride + tap]!;
      for (let x = 0; x < length; x++) row[x] = (row[x]! + imul(weight, data[at + x]!)) | 0;
    }
  }

  /** The same as `#mixColumns` for the common case, unrolled: more than twice as fast. */
  #mixFewColumns(y: number): void {
    const { first, weights } = this.#across;
    const row = this.#row;
    const output = this.output;
    const columns = first.length;
    let to = y * columns;
    for (let x = 0, tap = 0; x < columns; x++, tap += FEW_TAPS) {
      const from = first[x]!;
      const sum =
        HALF +
        imul(weights[tap]!, row[from]!) +
        imul(weights[tap + 1]!, row[from + 1]!) +
        imul(weights[tap + 2]!, row[from + 2]!) +
        imul(weights[tap + 3]!, row[from + 3]!);
      output[to++] = sum >> 16;
    }
  }

  #mixColumns(y: number): void {
    const { first, count, weights, stride } = this.#across;
    const row = this.#row;
    const output = this.output;
    const channels = this.#channels;
    const columns = first.length;
    let to = y * columns * channels;
    for (let x = 0; x < columns; x++) {
      const start = first[x]! * channels;
      const tap = x * stride;
      const end = tap + count[x]!;
      for (let channel = 0; channel < channels; channel++) {
        let from = start + channel;
        let sum = HALF;
        for (let i = tap; i < end; i++, from += channels) sum += weights[i]! * row[from]!;
        output[to++] = sum >> 16;
      }
    }
  }
}

function tapsFor(from: number, to: number): Taps {
  const lists = Array.from({ length: to }, (_, i) =>
    from > to ? coveredBy(i, from, to) : between(i, from, to),
  );
  const stride = Math.max(FEW_TAPS, ...lists.map(({ weights }) => weights.length));
  const weights = new Int32Array(to * stride);
  lists.forEach((taps, i) => {
    weights.set(wholeWeights(taps.weights), i * stride);
  });
  return {
    first: Int32Array.from(lists, (taps) => taps.first),
    count: Int32Array.from(lists, (taps) => taps.weights.length),
    weights,
    stride,
  };
}

interface TapList {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Shares of the source pixels that one shrunken pixel covers. */
function coveredBy(index: number, from: number, to: number): TapList {
  const begin = (index * from) / to;
  const end = ((index + 1) * from) / to;
  const first = Math.floor(begin);
  const last = Math.min(from, Math.ceil(end - 1e-9));
  const weights = Array.from(
    { length: last - first },
    (_, i) => Math.min(end, first + i + 1) - Math.max(begin, first + i),
  );
  return { first, weights };
}

/** The two source pixels whose centres lie around the centre of one enlarged pixel. */
function between(index: number, from: number, to: number): TapList {
  const centre = Math.min(from - 1, Math.max(0, ((index + 0.5) * from) / to - 0.5));
  const first = Math.floor(centre);
  const share = centre - first;
  return share === 0 ? { first, weights: [1] } : { first, weights: [1 - share, share] };
}

/**
 * Weights as integers with the exact sum ONE. It is the running sum that is rounded: then none is
 * negative or off by 1 or more, however many there are.
 */
function wholeWeights(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let running = 0;
  let given = 0;
  return weights.map((weight) => {
    running += weight;
    const whole = Math.round((running / sum) * ONE) - given;
    given += whole;
    return whole;
  });
}
