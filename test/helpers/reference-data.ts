import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout, also when the tests run from `dist`. */
export const PROJECT_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const ROOT = process.env.LOOKOUT_TEST_DATA ?? join(PROJECT_ROOT, '..', 'shared', 'data');

/** Path of a file of the reference data, e.g. `models/x.tflite`. */
export function referencePath(name: string): string {
  return join(ROOT, name);
}

/** For a test's `skip` option: false where the reference data is, else the reason in a line. */
export const noReferenceData: string | false = existsSync(join(ROOT, 'reference'))
  ? false
  : `no reference data in ${ROOT} (set LOOKOUT_TEST_DATA)`;
