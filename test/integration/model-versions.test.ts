import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ModelVersions } from '../../src/daemon/model-versions.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { tempFolder } from '../helpers/temp-folder.js';

const FIRST = { sha256: 'a', labels: ['person', null] };
const SECOND = { sha256: 'b', labels: ['person', null] };

describe('ModelVersions', () => {
  it('counts changes of model and labels, over restarts too', async () => {
    const file = join(tempFolder(), 'nodes', 'versions.json');
    const log = new RecordingLog();
    {
      await using versions = await ModelVersions.open(file, log);
      assert.deepEqual(
        [FIRST, FIRST, SECOND].map((model) => versions.of(model)),
        [1, 1, 2],
      );
    }
    {
      await using versions = await ModelVersions.open(file, log);
      assert.equal(versions.of(SECOND), 2);
      assert.equal(versions.of({ ...SECOND, labels: ['dog', null] }), 3);
      assert.equal(versions.of(FIRST), 4);
    }
    assert.deepEqual(log.lines, []);
  });

  it('begins anew where the file cannot be read, and says so', async () => {
    const file = join(tempFolder(), 'versions.json');
    for (const content of ['{', JSON.stringify({ format: 1, entries: [{ version: 'x' }] })]) {
      writeFileSync(file, content);
      const log = new RecordingLog();
      {
        await using versions = await ModelVersions.open(file, log);
        assert.equal(versions.of(FIRST), 1);
      }
      assert.match(log.lines[0] ?? '', /^warn Cannot read the version of the last model: /);
      assert.equal(JSON.parse(readFileSync(file, 'utf8')).entries[0].version, 1);
    }
  });

  it('goes on counting where nothing can be written', async () => {
    const noFolder = join(tempFolder(), 'file');
    writeFileSync(noFolder, '');
    const log = new RecordingLog();
    {
      await using versions = await ModelVersions.open(join(noFolder, 'versions.json'), log);
      assert.deepEqual([versions.of(FIRST), versions.of(SECOND)], [1, 2]);
    }
    assert.match(log.lines.at(-1) ?? '', /^warn Cannot write /);
  });
});
