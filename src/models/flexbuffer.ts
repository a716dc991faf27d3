import { toReference } from 'flatbuffers/js/flexbuffers.js';

/** An operator has a dozen options; a longer map is a lie. */
const MAX_ENTRIES = 100;

/** What the package's declarations forget: a map is asked by text. */
interface MapReference {
  isMap(): boolean;
  length(): number;
  get(key: string): { numericValue(): number | bigint | null; boolValue(): boolean | null };
}

/**
 * One number of a custom operator's options, which are a FlexBuffer map; 1 for true, 0 for false; null where the map does
 * not have it or the bytes are no such map. Only this entry is decoded: as a whole, a small map of
 * maps may unfold to any size.
 */
export function flexbufferNumber(bytes: Uint8Array, key: string): number | null {
  try {
    // The reader ignores byteOffset, so it gets a buffer of its own.
    const { buffer } = bytes.slice();
    const map = mapIn(buffer);
    // Asked of another reference: once asked, this one's length may be a bigint and `get` fails.
    if (!map.isMap() || mapIn(buffer).length() > MAX_ENTRIES) return null;
    const entry = map.get(key);
    const value = entry.boolValue() ?? entry.numericValue();
    return value === null ? null : Number(value);
  } catch {
    return null;
  }
}

function mapIn(buffer: ArrayBuffer): MapReference {
  return toReference(buffer) as unknown as MapReference;
}
