import { concatenatePacks } from './concatenate-packs.js';
import { foldDetectionHead } from './detection-head.js';
import { foldColumns } from './fold-columns.js';
import { rewriteModel } from './rewrite.js';
import { skipReshapes } from './skip-reshapes.js';

/**
 * How many int8 channels XNNPACK's convolutions multiply at once, or pay for: its kernels for x64
 * are named `…c8`, those for the cores of a Raspberry Pi `…c4` at most.
 */
const CHANNEL_BLOCK: Readonly<Record<string, number>> = { x64: 8, arm64: 4 };
const ANY_BLOCK = 1;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Rewrites a model to the form in which Lookout itself runs it on LiteRT: layers that XNNPACK
 * computes faster, operators that it takes in the place of others that it does not, and Lookout's
 * own operator at a detector's end.
 * @param architecture of the processor that will run it.
 * @returns null where there is nothing to rewrite.
 * @throws RangeError in one line when the file contradicts itself.
 */
export function engineForm(bytes: Bytes, architecture: string = process.arch): Bytes | null {
  const pass = (model: Bytes, rewrite: (model: Bytes) => Bytes | null): Bytes =>
    rewrite(model) ?? model;
  const block = CHANNEL_BLOCK[architecture] ?? ANY_BLOCK;
  const whole = [
    skipReshapes,
    concatenatePacks,
    (model: Bytes) => foldColumns(model, block),
    foldDetectionHead,
  ].reduce(pass, rewriteModel(bytes).bytes);
  return whole === bytes ? null : whole;
}
