import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { elfMachine } from '../src/engine-library/elf-machine.js';
import type { LibraryPin } from '../src/engine-library/library-pin.js';

const MEMBER = 'ai_edge_litert/libLiteRt.so';
const DEFLATED = 8;
const END_OF_DIRECTORY = 'PK\x05\x06';

/**
 * The pin of a wheel of `ai-edge-litert`: where its library lies and what it must be.
 * @param name the wheel's file name.
 * @throws Error when this is no wheel, or its library lies in a way that Lookout cannot fetch.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function pinOfWheel(name: string, wheel: Buffer): LibraryPin {
  const version = /^ai_edge_litert-([\d.]+)-/.exec(name)?.[1];
  if (version === undefined) throw new Error(`Cannot pin "${name}": expected ai_edge_litert-….whl`);
  const { offset, packedBytes } = findMember(name, wheel);
  const library = inflateRawSync(wheel.subarray(offset, offset + packedBytes));
  const machine = elfMachine(library);
  if (machine === null) throw new Error(`Cannot pin "${name}": ${MEMBER} is no ELF file`);
  return {
    version,
    wheel: name,
    wheelSha256: sha256(wheel),
    offset,
    packedBytes,
    bytes: library.byteLength,
    sha256: sha256(library),
    elfMachine: machine,
    glibc: neededGlibc(library),
  };
}

function findMember(name: string, wheel: Buffer): { offset: number; packedBytes: number } {
  const end = wheel.lastIndexOf(END_OF_DIRECTORY, undefined, 'latin1');
  if (end === -1) throw new Error(`Cannot pin "${name}": it is no zip archive`);
  const entries = wheel.readUInt16LE(end + 10);
  let at = wheel.readUInt32LE(end + 16);
  for (let i = 0; i < entries; i++) {
    const nameBytes = wheel.readUInt16LE(at + 28);
    if (wheel.toString('latin1', at + 46, at + 46 + nameBytes) === MEMBER) {
      if (wheel.readUInt16LE(at + 10) !== DEFLATED) {
        throw new Error(`Cannot pin "${name}": ${MEMBER} is not deflated`);
      }
      const header = wheel.readUInt32LE(at + 42);
      // The local header has an extra field of its own length.
      const skipped = 30 + wheel.readUInt16LE(header + 26) + wheel.readUInt16LE(header + 28);
      return { offset: header + skipped, packedBytes: wheel.readUInt32LE(at + 20) };
    }
    at += 46 + nameBytes + wheel.readUInt16LE(at + 30) + wheel.readUInt16LE(at + 32);
  }
  throw new Error(`Cannot pin "${name}": it has no ${MEMBER}`);
}

/** The highest version that the library's symbols ask for, as the names of those stand in it. */
function neededGlibc(library: Buffer): string {
  const minors = Array.from(library.toString('latin1').matchAll(/GLIBC_2\.(\d+)/g), ([, minor]) =>
    Number(minor),
  );
  return `2.${Math.max(0, ...minors)}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
