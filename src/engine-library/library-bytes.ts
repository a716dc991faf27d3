import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { messageOf } from '../errors.js';
import type { LibraryPin } from './library-pin.js';

const inflate = promisify(inflateRaw);

/**
 * Unpacks the library and takes nothing but the pinned one.
 * @param packed the bytes that lie in the wheel where the pin says.
 * @throws Error when it is another one, or none.
 */
export async function unpackLibrary(packed: Uint8Array, pin: LibraryPin): Promise<Uint8Array> {
  let library: Uint8Array;
  try {
    // Whatever the bytes claim, no more memory than for the library itself is taken.
    library = await inflate(packed, { maxOutputLength: pin.bytes });
  } catch (cause) {
    throw new Error(`it does not hold LiteRT ${pin.version}: ${messageOf(cause)}`, { cause });
  }
  return verifiedLibrary(library, pin);
}

/** @throws Error when these bytes are not the pinned library. */
export function verifiedLibrary(library: Uint8Array, pin: LibraryPin): Uint8Array {
  const sha256 = createHash('sha256').update(library).digest('hex');
  if (sha256 === pin.sha256) return library;
  throw new Error(
    `it does not hold LiteRT ${pin.version}: the library's SHA-256 is ${sha256}, expected ${pin.sha256}`,
  );
}
