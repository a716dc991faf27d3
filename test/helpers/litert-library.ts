import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineChoice, Kernels } from '../../src/domain/engine.js';
import { PROJECT_ROOT } from './reference-data.js';

/** LiteRT's shared library, where it is installed or the environment says. */
export const LITERT_LIBRARY =
  process.env.LOOKOUT_TEST_LITERT ?? join(PROJECT_ROOT, 'native', 'litert', 'libLiteRt.so');

/** For a test's `skip` option: false where the library is, else the reason in a line. */
export const noLitert: string | false = existsSync(LITERT_LIBRARY)
  ? false
  : `no ${LITERT_LIBRARY} (set LOOKOUT_TEST_LITERT)`;

export function litert(
  kernels: Kernels,
  threads = 1,
): Extract<EngineChoice, { readonly name: 'litert' }> {
  return { name: 'litert', kernels, libraryFile: LITERT_LIBRARY, threads };
}
