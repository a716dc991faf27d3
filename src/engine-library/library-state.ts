import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors.js';
import { elfMachine, machineName } from './elf-machine.js';
import { type LibraryPin, pinFor } from './library-pin.js';
import { currentPlatform, type Platform, whyUnsupported } from './platform.js';

/** Inside the package: the service's sandbox loads libraries from nowhere else. */
const LIBRARY_FILE = new URL('../../../native/litert/libLiteRt.so', import.meta.url);

/** Which library belongs on a machine, and where. */
export interface WantedLibrary {
  /** Absolute path. */
  readonly file: string;
  readonly platform: Platform;
  /** Null where there is no build for the platform. */
  readonly pin: LibraryPin | null;
}

/** How it stands with the library; `reason` is a sentence without a full stop. */
export type LibraryState =
  | { readonly kind: 'verified'; readonly libraryFile: string; readonly version: string }
  | {
      readonly kind: 'missing' | 'damaged' | 'wrong-architecture' | 'unsupported';
      readonly reason: string;
    };

/** What belongs on this machine. */
export function wantedLibrary(): WantedLibrary {
  const platform = currentPlatform();
  return { file: fileURLToPath(LIBRARY_FILE), platform, pin: pinFor(platform.arch) };
}

/**
 * Reads and judges the library that is there. What is `verified` is to the bit what was pinned.
 * Takes some 30 ms for 8 MB; 0.1 s where the processor has no instructions for SHA-256.
 */
export async function readLibraryState(wanted: WantedLibrary): Promise<LibraryState> {
  const { file, pin, platform } = wanted;
  const unsupported = whyUnsupported(platform, pin);
  if (pin === null || unsupported !== null) {
    return { kind: 'unsupported', reason: unsupported ?? 'there is no LiteRT for this machine' };
  }
  let bytes: Uint8Array;
  try {
    bytes = await readAtMost(file, pin.bytes + 1);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing
      ? { kind: 'missing', reason: `there is no "${file}"` }
      : { kind: 'damaged', reason: `cannot read "${file}": ${messageOf(error)}` };
  }
  return judgeLibrary(bytes, file, pin);
}

/**
 * Whether these bytes are the pinned library.
 * @param bytes the whole file; of one that is longer than the library, any longer part will do.
 */
export function judgeLibrary(bytes: Uint8Array, file: string, pin: LibraryPin): LibraryState {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === pin.sha256) return { kind: 'verified', libraryFile: file, version: pin.version };
  const machine = elfMachine(bytes);
  if (machine !== null && machine !== pin.elfMachine) {
    const found = `is for ${machineName(machine)}, expected ${machineName(pin.elfMachine)}`;
    return { kind: 'wrong-architecture', reason: `"${file}" ${found}` };
  }
  return {
    kind: 'damaged',
    reason: `"${file}" is not LiteRT ${pin.version}: ${difference(bytes, machine, sha256, pin)}`,
  };
}

function difference(
  bytes: Uint8Array,
  machine: number | null,
  sha256: string,
  pin: LibraryPin,
): string {
  if (machine === null) return 'it is no library at all';
  if (bytes.byteLength < pin.bytes) {
    return `it has ${bytes.byteLength} bytes, expected ${pin.bytes}`;
  }
  if (bytes.byteLength > pin.bytes) return `it has more than ${pin.bytes} bytes`;
  return `its SHA-256 is ${sha256}, expected ${pin.sha256}`;
}

async function readAtMost(file: string, maxBytes: number): Promise<Uint8Array> {
  await using handle = await open(file);
  if (!(await handle.stat()).isFile()) throw new Error('not a regular file');
  const buffer = Buffer.alloc(maxBytes);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, maxBytes - length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
  }
}
