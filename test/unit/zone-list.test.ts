import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explain } from '../../src/config/explain.js';
import { zoneList, zonesOf } from '../../src/config/zone-list.js';
import { load, loadYaml, problemsOf } from '../helpers/config-input.js';

const DRIVE = 'drive 0.1,0.5 .9,0.5 1,1 0,1';
const DOOR = 'door 0,0 0.5,0 0.5,0.5 for person, cell phone';

async function complaints(...zones: readonly string[]): Promise<string[]> {
  const values = new Map([['zones', zones.join(';')]]);
  const problems = await problemsOf(load({ values }));
  return problems.map(({ path, detail }) => `${path}: ${detail}`);
}

describe('zones', () => {
  it('are lines of text in a file, and a text with semicolons elsewhere', async () => {
    const fromFile = await loadYaml(`zones:\n  - ${DRIVE}\n  - ${DOOR}\n`);
    const fromText = await load({ env: { LOOKOUT_ZONES: ` ${DRIVE} ; ${DOOR};` } });
    assert.deepEqual(fromFile.config.zones, fromText.config.zones);
    assert.deepEqual(zonesOf(fromFile.config.zones), [
      {
        id: 'drive',
        points: [
          { x: 0.1, y: 0.5 },
          { x: 0.9, y: 0.5 },
          { x: 1, y: 1 },
          { x: 0, y: 1 },
        ],
        labels: [],
      },
      {
        id: 'door',
        points: [
          { x: 0, y: 0 },
          { x: 0.5, y: 0 },
          { x: 0.5, y: 0.5 },
        ],
        labels: ['person', 'cell phone'],
      },
    ]);
  });

  it('are shown as they are written in a file', async () => {
    const loaded = await load({ env: { LOOKOUT_ZONES: `${DRIVE};${DOOR}` } });
    const shown = explain(loaded);
    assert.match(shown, /^zones: +# LOOKOUT_ZONES\n {2}- "drive .*"\n {2}- "door .*"\n/m);
    const again = await loadYaml(shown);
    assert.deepEqual(again.config.zones, loaded.config.zones);
  });

  for (const [zone, complaint] of [
    ['Drive! 0,0 1,0 1,1', /zone "Drive!" has no valid id/],
    ['a 0,0 1,0', /zone "a" has 2 corners: expected 3 to 32/],
    ['a', /zone "a" has 0 corners/],
    [`a ${'0,0 1,0 1,1 '.repeat(11)}`, /zone "a" has 33 corners/],
    [
      'a 0,0 1,0 1.01,1',
      /zone "a" has the corner "1.01,1": expected X,Y, each a number from 0 to 1/,
    ],
    ['a 0,0 1,0 -0.1,1', /corner "-0.1,1"/],
    ['a 0,0 1,0 1 1', /corner "1"/],
    ['a 0,0 1,0 1,1,1', /corner "1,1,1"/],
    ['a 0,0 1,0 1,NaN', /corner "1,NaN"/],
    ['a 0,0 1,0 ,1', /corner ",1"/],
    ['a 0,0 0.5,0.5 1,1', /zone "a" has no area/],
    ['a 0.5,0.5 0.5,0.5 0.5,0.5', /zone "a" has no area/],
    ['a 0,0 1,0 1,1 for', /zone "a" has an empty label/],
    ['a 0,0 1,0 1,1 for person,', /zone "a" has an empty label/],
  ] as const) {
    it(`refuse "${zone.slice(0, 40)}" with one problem that names the zone`, async () => {
      const found = await complaints(DRIVE, zone);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', complaint);
      assert.match(found[0] ?? '', /^zones: .*\(--zones\)$/);
    });
  }

  it('tell of each zone that is wrong', async () => {
    const found = await complaints('a 0,0', 'b 0,0 1,0 1,1', 'b 0,0 1,0 1,1', 'c 2,2 1,0 0,1');
    assert.equal(found.length, 3);
    assert.match(found[1] ?? '', /zone "b" is there twice/);
  });

  it('are at most 32', async () => {
    const zones = Array.from({ length: 33 }, (_, index) => `z${index} 0,0 1,0 1,1`);
    assert.deepEqual(await complaints(...zones.slice(1)), []);
    assert.match((await complaints(...zones)).join(), /has 33 zones, at most 32/);
  });

  it('are told apart from other YAML', async () => {
    const [colon] = await problemsOf(loadYaml('zones:\n  - drive: 0,0 1,0 1,1\n'));
    assert.match(colon?.detail ?? '', /^item 1 is no line of text: .* without a colon/);
    const [single] = await problemsOf(loadYaml(`zones: ${DRIVE}\n`));
    assert.match(single?.detail ?? '', /is not valid: expected a list of at most 32 zones such as/);
    const [map] = await problemsOf(loadYaml('zones:\n  drive: 0,0 1,0 1,1\n'));
    assert.match(map?.detail ?? '', /a section is not valid/);
  });

  it('name only labels that are followed', async () => {
    const values = new Map([
      ['zones', DOOR],
      ['tracking.labels', 'person'],
    ]);
    const [problem] = await problemsOf(load({ values }));
    assert.match(problem?.detail ?? '', /tracking.labels leaves out/);
    values.set('tracking.labels', 'person,cell phone');
    assert.deepEqual(await problemsOf(load({ values })), []);
  });

  it('are read within a moment however odd the text', () => {
    const format = zoneList();
    for (const odd of [
      ' '.repeat(100_000),
      `${'a '.repeat(50_000)}`,
      `for ${','.repeat(100_000)}`,
    ]) {
      const startMs = performance.now();
      assert.equal(format.accepts([odd]), false);
      assert.ok(performance.now() - startMs < 1_000);
    }
  });
});
