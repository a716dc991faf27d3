/** TEMP */
export function rewriteToInt8(bytes: Uint8Array): { bytes: Uint8Array; changed: boolean } {
  return { bytes, changed: false };
}
