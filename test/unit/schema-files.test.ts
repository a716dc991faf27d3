import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { schemaFiles } from '../../tools/schema-files.js';

const ROOT = new URL('../../../', import.meta.url);

describe('schemaFiles', () => {
  for (const [path, text] of schemaFiles()) {
    it(`gives ${path} as it is in the repository (npm run docs:schema)`, () => {
      assert.equal(readFileSync(new URL(path, ROOT), 'utf8'), text);
    });
  }

  it('gives every file of docs/schema', () => {
    const paths = readdirSync(new URL('docs/schema/', ROOT)).map((name) => `docs/schema/${name}`);
    const given = [...schemaFiles().keys()].filter((path) => path.startsWith('docs/schema/'));
    assert.deepEqual(paths.sort(), given.sort());
  });
});
