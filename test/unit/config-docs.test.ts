import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { configurationPage, exampleFile } from '../../tools/config-docs.js';
import { load, loadYaml } from '../helpers/config-input.js';
import { PROJECT_ROOT } from '../helpers/reference-data.js';

describe('configuration documents', () => {
  for (const [file, expected] of [
    ['config/lookout.example.yaml', exampleFile()],
    ['docs/configuration.md', configurationPage()],
  ] as const) {
    it(`${file} is what the schema gives (npm run docs:config)`, () => {
      assert.equal(readFileSync(join(PROJECT_ROOT, file), 'utf8'), expected);
    });
  }

  it('the example sets nothing, and the defaults when its keys are put in force', async () => {
    const machine = { hostName: 'raspberrypi', cores: 4 };
    const { config } = await load({ machine });
    assert.deepEqual((await loadYaml(exampleFile(), { machine })).config, config);
    const inForce = exampleFile().replace(/^( *)#(?=\w+: )/gm, '$1');
    const loaded = await loadYaml(inForce, { machine });
    assert.deepEqual(loaded.config, config);
    assert.deepEqual(
      new Set([...loaded.origins.values()].map(({ kind }) => kind)),
      new Set(['file']),
    );
  });
});
