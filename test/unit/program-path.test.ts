import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { findProgram } from '../../src/processes/program-path.js';

describe('findProgram', () => {
  const root = mkdtempSync(join(tmpdir(), 'lookout-path-'));
  const env = { PATH: `:relative:${root}/missing:${root}/a:${root}/b` };
  for (const folder of ['a', 'b']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'a', 'data'), '', { mode: 0o644 });
  writeFileSync(join(root, 'a', 'old-name'), '', { mode: 0o755 });
  writeFileSync(join(root, 'b', 'new-name'), '', { mode: 0o755 });
  mkdirSync(join(root, 'a', 'folder'));
  after(() => rmSync(root, { recursive: true }));

  it('prefers an earlier name to an earlier folder', () => {
    assert.equal(findProgram(['new-name', 'old-name'], env), join(root, 'b', 'new-name'));
    assert.equal(findProgram(['newer', 'old-name'], env), join(root, 'a', 'old-name'));
  });

  it('is null for what is missing, a folder, or not executable', () => {
    for (const name of ['missing', 'folder', 'data']) assert.equal(findProgram([name], env), null);
    assert.equal(findProgram(['new-name'], {}), null);
  });
});
