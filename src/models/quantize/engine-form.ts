import { foldDetectionHead } from './detection-head.js';
import { rewriteModel } from './rewrite.js';

/**
 * Rewrites a model to the form in which Lookout itself runs it on LiteRT: layers that XNNPACK
 * computes faster, and its own operator at a detector's end.
 * @returns null where there is nothing to rewrite.
 * @throws RangeError in one line when the file contradicts itself.
 */
export function engineForm(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const rewritten = rewriteModel(bytes);
  return foldDetectionHead(rewritten.bytes) ?? (rewritten.changed ? rewritten.bytes : null);
}
