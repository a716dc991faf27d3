import { open } from 'node:fs/promises';
import { messageOf } from '../errors.js';
import { elfMachine } from './elf-machine.js';
import { unpackLibrary, verifiedLibrary } from './library-bytes.js';
import type { LibraryPin } from './library-pin.js';

/**
 * The library out of a file: itself, or a wheel of the pinned version for any version of Python.
 * @throws Error when it is neither.
 */
export async function readLibraryFile(file: string, pin: LibraryPin): Promise<Uint8Array> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    const read = async (position: number, length: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await handle.read({
        buffer: new Uint8Array(length),
        position,
      });
      return buffer.subarray(0, bytesRead);
    };
    if (elfMachine(await read(0, 64)) === null) {
      return await unpackLibrary(await read(pin.offset, pin.packedBytes), pin);
    }
    if (size !== pin.bytes) throw new Error(`it has ${size} bytes, expected ${pin.bytes}`);
    return verifiedLibrary(await read(0, pin.bytes), pin);
  } catch (cause) {
    const expected = `expected ${pin.wheel} or the libLiteRt.so in it`;
    throw new Error(`Cannot take LiteRT from "${file}": ${messageOf(cause)}; ${expected}`, {
      cause,
    });
  }
}
