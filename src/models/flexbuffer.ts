import { toObject } from 'flatbuffers/js/flexbuffers.js';

/**
 * The numbers of a custom operator's options, which are a FlexBuffer map; other values are left
 * out, and so is everything when the bytes are no such map.
 */
export function flexbufferNumbers(bytes: Uint8Array): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const [key, value] of Object.entries(decode(bytes) ?? {})) {
    if (typeof value === 'number' || typeof value === 'bigint') numbers.set(key, Number(value));
  }
  return numbers;
}

function decode(bytes: Uint8Array): object | null {
  if (bytes.byteLength === 0) return null;
  try {
    // The reader ignores byteOffset, so it gets a buffer of its own.
    const value = toObject(bytes.slice().buffer);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
