import { randomBytes } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';
import type { LibraryPin } from '../../src/engine-library/library-pin.js';
import { pinOfWheel } from '../../tools/wheel-pin.js';

const NAME = 'ai_edge_litert-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl';
const LIBRARY_BYTES = 300_000;
/** Does not fit into the buffers of a connection: a client that stops reading is noticed. */
const REST_BYTES = 24 << 20;

/** A wheel as the official one is made, with a library that only looks like one. */
export interface SmallWheel {
  readonly bytes: Buffer;
  readonly library: Buffer;
  readonly pin: LibraryPin;
}

/** Makes a wheel; every one holds another library. */
export function smallWheel(): SmallWheel {
  const library = elfFile(62, LIBRARY_BYTES);
  const stored = { level: 0 } as const;
  const files: Zippable = {
    'ai_edge_litert/interpreter.py': [randomBytes(50_000), stored],
    'ai_edge_litert/libLiteRt.so': library,
    'ai_edge_litert/rest.so': [Buffer.alloc(REST_BYTES), stored],
  };
  const bytes = Buffer.from(zipSync(files));
  return { bytes, library, pin: pinOfWheel(NAME, bytes) };
}

/** The head of an ELF file for this machine, and noise. */
export function elfFile(machine: number, bytes: number): Buffer {
  const file = randomBytes(bytes);
  file.write('\x7fELF\x02\x01\x01', 'latin1');
  file.writeUInt16LE(machine, 18);
  return file;
}
