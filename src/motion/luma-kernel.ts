import { addonFile, loadAddon } from '../native-addon.js';

/**
 * Writes the mean of 4 × 4 samples of `data` into each cell. Samples of a row lie `columnBytes` after
 * its start, and rows `rowBytes` after the start of the data: 4 for each column and row of cells.
 * @throws RangeError when a sample lies outside the data or the lengths do not fit.
 */
export type LumaRead = (
  data: Uint8Array,
  rowBytes: Int32Array,
  columnBytes: Int32Array,
  cells: Float32Array,
) => void;

/** @throws Error when the compiled part is missing, or was built for another machine. */
export function lumaReader(file = addonFile('luma')): LumaRead {
  return (loadAddon(file) as { readonly read: LumaRead }).read;
}
