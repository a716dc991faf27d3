import { seededInteger, seededRandom } from './seeded-random.js';

/** Where model files have their structure, at their beginning or their end; the rest is weights. */
const STRUCTURE_BYTES = 32_768;
const EXTREMES = [-1, 0, 1, 65_536, 1_048_576, 0x7fff_ffff, -0x8000_0000];

/** A copy of a model file with a fault in it, the same one for the same seed. */
export function corruptedModel(whole: Uint8Array, seed: number): Uint8Array {
  // Neighbouring seeds would begin with nearly the same number.
  const random = seededRandom(Math.imul(seed + 1, 0x9e37_79b1));
  const pick = (limit: number) => seededInteger(random, limit);
  // Not slice(): that of a Buffer is no copy.
  const bytes = new Uint8Array(whole);
  const size = Math.min(STRUCTURE_BYTES, bytes.length);
  const from = pick(2) === 0 ? 0 : bytes.length - size;
  const place = bytes.subarray(from, from + size);
  switch (pick(5)) {
    case 0:
      return bytes.subarray(0, pick(bytes.length));
    case 1:
      flip(place, 1 + pick(8), pick);
      return bytes;
    case 2:
      flip(bytes, 1 + pick(200), pick);
      return bytes;
    case 3:
      place
        .subarray(pick(size))
        .subarray(0, 1 + pick(64))
        .fill(0);
      return bytes;
    default:
      for (let left = 1 + pick(4); left > 0; left--) overwrite(place, pick);
      return bytes;
  }
}

/**
 * A copy in which the sizes of every tensor of this shape became others of the same rank.
 * @throws when the file has no tensor of the shape.
 */
export function resizedModel(
  whole: Uint8Array,
  shape: readonly number[],
  to: readonly number[],
): Uint8Array {
  const words = (numbers: readonly number[]) => Buffer.from(new Int32Array(numbers).buffer);
  const bytes = Buffer.from(whole);
  // A flatbuffer has the length of a vector in front of it.
  const wanted = words([shape.length, ...shape]);
  let at = bytes.indexOf(wanted);
  if (at < 0) throw new Error(`no tensor of shape ${shape.join('x')}`);
  for (; at >= 0; at = bytes.indexOf(wanted, at + 1)) words(to).copy(bytes, at + 4);
  return bytes;
}

function flip(bytes: Uint8Array, count: number, pick: (limit: number) => number): void {
  for (let i = 0; i < count; i++) {
    const at = pick(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
  }
}

/** Puts an extreme number where a number may be. */
function overwrite(bytes: Uint8Array, pick: (limit: number) => number): void {
  const at = 4 * pick(Math.floor(bytes.length / 4));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setInt32(at, EXTREMES[pick(EXTREMES.length)] ?? 0, true);
}
