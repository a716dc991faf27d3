/** Columns of a picture and what a convolution's window does with them. */
export interface ColumnWindow {
  readonly width: number;
  readonly channels: number;
  readonly kernelWidth: number;
  readonly stride: number;
  /** Columns of zeros on the left of the picture. */
  readonly paddingLeft: number;
  readonly outputWidth: number;
}

/** The same convolution, of stride 1, where neighbouring columns are one with all their channels. */
export interface FoldedWindow {
  readonly width: number;
  readonly channels: number;
  readonly kernelWidth: number;
  /** Columns of zeros in front of the old kernel, in old columns. */
  readonly kernelOffset: number;
  readonly paddingLeft: number;
  readonly paddingRight: number;
}

/**
 * Folds as many columns into one as the window steps over. In memory the picture stays what it is:
 * a row is its columns one after the other, and a column its channels.
 *
 * Output x sees the old columns x·s − p … x·s − p + k − 1. With ⌈p/s⌉ new columns of padding its new
 * window begins at the old column x·s − s·⌈p/s⌉, so that the kernel moves right by s·⌈p/s⌉ − p and
 * fills ⌈(s·⌈p/s⌉ − p + k) / s⌉ new columns.
 * @returns null where that cannot be done, or outputs would be left over.
 */
export function foldWindow(window: ColumnWindow): FoldedWindow | null {
  const { width, channels, stride, paddingLeft: padding, outputWidth } = window;
  if (stride < 2 || width % stride !== 0) return null;
  const paddingLeft = Math.ceil(padding / stride);
  const kernelOffset = paddingLeft * stride - padding;
  const kernelWidth = Math.ceil((kernelOffset + window.kernelWidth) / stride);
  const folded = width / stride;
  const paddingRight = outputWidth - 1 + kernelWidth - paddingLeft - folded;
  if (paddingRight < 0) return null;
  return {
    width: folded,
    channels: channels * stride,
    kernelWidth,
    kernelOffset,
    paddingLeft,
    paddingRight,
  };
}

/**
 * Lays the weights of a convolution out for a folded window, zeros around them.
 * @param weights by output channel, row, column and input channel, the last one changing fastest.
 */
export function foldWeights(
  weights: Uint8Array,
  { channels, kernelWidth }: Pick<ColumnWindow, 'channels' | 'kernelWidth'>,
  folded: FoldedWindow,
): Uint8Array {
  const oldRow = kernelWidth * channels;
  const newRow = folded.kernelWidth * folded.channels;
  const rows = weights.length / oldRow;
  const laidOut = new Uint8Array(rows * newRow);
  for (let row = 0; row < rows; row++) {
    const values = weights.subarray(row * oldRow, (row + 1) * oldRow);
    laidOut.set(values, row * newRow + folded.kernelOffset * channels);
  }
  return laidOut;
}
