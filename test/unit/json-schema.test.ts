import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { FPS, ID, LOG_LEVEL, NAME } from '../../src/commands/command-spec.js';
import { COMMAND_NAMES, specOf } from '../../src/commands/command-table.js';
import { ENVELOPE } from '../../src/commands/envelope.js';
import { problemOf, type Schema } from '../../src/commands/json-schema.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

const LOAD = specOf('model/load');
const LOAD_ARGS: Schema = LOAD.kind === 'request' ? LOAD.args : true;

describe('problemOf', () => {
  for (const [value, schema, problem] of [
    ['warn', LOG_LEVEL, null],
    ['loud', LOG_LEVEL, 'args: found "loud", expected "error" or "warn" or "info" or "debug"'],
    [120, FPS, null],
    [120.5, FPS, 'args: found 120.5, expected a number from 0.1 to 120'],
    ['12', FPS, 'args: found "12", expected a number from 0.1 to 120'],
    [Number.POSITIVE_INFINITY, FPS, 'args: found Infinity, expected a number from 0.1 to 120'],
    ['porch', ID, null],
    ['Porch', ID, 'args: found "Porch", expected an id of a-z, 0-9, _ and - (1 to 64 characters)'],
    [
      'a\0b',
      NAME,
      'args: found "a\\u0000b", expected a name without control characters (1 to 255 characters)',
    ],
    [
      '\ud800',
      NAME,
      'args: found "\\ud800", expected a name without control characters (1 to 255 characters)',
    ],
    [{ name: 'x' }, LOAD_ARGS, null],
    [
      { name: 'x', file: 'y' },
      LOAD_ARGS,
      'args: found name and file, expected one of file, name, latest',
    ],
    [{}, LOAD_ARGS, 'args: found no field, expected one of file, name, latest'],
    [{ fil: 'x' }, LOAD_ARGS, 'args: unknown field "fil", valid are file, name, latest'],
    [
      { name: [] },
      LOAD_ARGS,
      'args.name: found a list, expected a name without control characters (1 to 255 characters)',
    ],
    [null, LOAD_ARGS, 'args: found null, expected an object'],
    [['x'], LOAD_ARGS, 'args: found a list, expected an object'],
    [
      JSON.parse('{"__proto__":{"name":"x"}}'),
      LOAD_ARGS,
      'args: unknown field "__proto__", valid are file, name, latest',
    ],
  ] as const satisfies readonly (readonly [unknown, Schema, string | null])[]) {
    it(`says of ${JSON.stringify(value)}: ${problem ?? 'nothing'}`, () => {
      assert.equal(problemOf(value, schema, 'args'), problem);
    });
  }

  it('does not take what an object inherits for a field', () => {
    const schema = {
      type: 'object',
      properties: { constructor: true },
      required: ['constructor'],
      additionalProperties: false,
    } as const;
    assert.equal(problemOf({}, schema, 'args'), 'args: field "constructor" is missing');
  });

  it('agrees with a validator of JSON Schema on 20,000 values', () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: true });
    const schemas = [
      ENVELOPE,
      ...COMMAND_NAMES.map((name) => {
        const spec = specOf(name);
        return spec.kind === 'request' ? spec.args : spec.value;
      }),
    ].map((schema: Schema) => ({ schema, accepts: ajv.compile(schema) }));
    const random = seededRandom(6);
    let accepted = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const { schema, accepts } = schemas[seededInteger(random, schemas.length)]!;
      const value = randomValue(random, 2);
      const problem = problemOf(value, schema, 'value');
      assert.equal(problem === null, accepts(value), `${JSON.stringify(value)}: ${problem}`);
      if (problem === null) accepted += 1;
    }
    assert.ok(accepted > 1_000, `only ${accepted} were valid`);
  });
});

function randomValue(random: () => number, depth: number): unknown {
  const leaves = [
    ...['ON', 'OFF', 'info', 'porch', '', 'a\0', '\ud800', '😀'.repeat(64), '😀'.repeat(65)],
    ...['x'.repeat(255), 'x'.repeat(256), '2026-11-21T03:47:37Z', '__proto__', 'person'],
    ...[0, 1, -1, 0.1, 120, 120.1, 0.5, 1e308, null, true, [], [1]],
  ];
  const names = ['file', 'name', 'level', 'camera', 'id', 'args', 'v', 'issued_at', '__proto__'];
  if (depth === 0 || random() < 0.4) return leaves[seededInteger(random, leaves.length)];
  const entries = Array.from({ length: seededInteger(random, 3) }, () => [
    names[seededInteger(random, names.length)],
    randomValue(random, depth - 1),
  ]);
  // Not an object literal: `__proto__` shall be a field, as JSON.parse makes it.
  return Object.fromEntries(entries);
}
