import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A folder for the tests of one file, removed after them. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lookout-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
