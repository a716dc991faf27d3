import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandSpec } from '../../src/cli/command-context.js';
import { parseCommandLine, type Request } from '../../src/cli/command-line.js';
import { configSchema } from '../../src/config/schema.js';
import { UsageError } from '../../src/errors.js';

const load = async () => async () => {};

const COMMANDS: readonly CommandSpec[] = [
  { name: 'run', summary: 'run it', positionals: '', options: [], config: 'all', load },
  {
    name: 'models inspect',
    summary: 'look at models',
    positionals: '<file...>',
    options: [
      { flags: '--json', doc: 'one JSON document' },
      { flags: '--max-size <n>', doc: 'a limit' },
    ],
    config: ['log'],
    load,
  },
];
const schema = configSchema({ hostName: 'pi', cores: 4 });

function parse(...args: string[]): Request {
  return parseCommandLine(args, { version: '1.2.3', commands: COMMANDS, schema });
}

function parseCommand(...args: string[]): Extract<Request, { kind: 'command' }> {
  const request = parse(...args);
  assert.ok(request.kind === 'command');
  return request;
}

function refusal(...args: string[]): string {
  try {
    parse(...args);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return assert.fail(`accepted: ${args.join(' ')}`);
}

describe('parseCommandLine()', () => {
  it('gives configuration keys as texts, in every spelling', () => {
    const { spec, values, configFile } = parseCommand(
      ...['run', '--config', 'x.yaml', '--camera.width', '640', '--camera.height=480'],
      ...['--model.threshold', '-1', '--camera.loop', '--no-model.watch', '--mqtt.username='],
    );
    assert.equal(spec.name, 'run');
    assert.equal(configFile, 'x.yaml');
    assert.deepEqual(Object.fromEntries(values), {
      'camera.width': '640',
      'camera.height': '480',
      'model.threshold': '-1',
      'camera.loop': 'true',
      'model.watch': 'false',
      'mqtt.username': '',
    });
    assert.equal(parseCommand('run', '--camera.loop=false').values.get('camera.loop'), 'false');
    assert.equal(parseCommand('run', '--camera.loop', 'no').values.get('camera.loop'), 'no');
    assert.equal(parseCommand('run').values.size, 0);
  });

  it("gives a command's own options and positionals", () => {
    const args = [
      'models',
      'inspect',
      'a',
      '--json',
      'b',
      '--max-size',
      '5',
      '--log.level',
      'debug',
    ];
    const { spec, positionals, options, values } = parseCommand(...args);
    assert.equal(spec.name, 'models inspect');
    assert.deepEqual(positionals, ['a', 'b']);
    assert.deepEqual(
      [...options],
      [
        ['json', true],
        ['max-size', '5'],
      ],
    );
    assert.deepEqual([...values], [['log.level', 'debug']]);
  });

  it('gives the version and help as text', () => {
    assert.deepEqual(parse('--version'), { kind: 'text', text: '1.2.3\n' });
    for (const args of [
      ['--help'],
      ['help'],
      ['run', '--help'],
      ['help', 'run'],
      ['models', '-h'],
    ]) {
      const request = parse(...args);
      assert.ok(request.kind === 'text');
      assert.match(request.text, /^Usage: lookout/);
    }
  });

  it('lists every key in the help of a command that takes them', () => {
    const request = parse('run', '--help');
    assert.ok(request.kind === 'text');
    for (const flag of [
      '--camera.width <value>',
      '--camera.loop [true|false]',
      '--no-camera.loop',
    ]) {
      assert.ok(request.text.includes(flag), flag);
    }
    assert.match(request.text.replace(/\s+/g, ' '), /LOOKOUT_QUEUE_MAX_AGE_MS/);
  });

  it('names what was probably meant', () => {
    assert.match(refusal('rnu'), /no command "rnu": did you mean run\?/);
    assert.match(refusal('run', '--camera.widht', '1'), /did you mean --camera\.width\?/);
    assert.match(refusal('run', '--width', '1'), /did you mean --camera\.width\?/);
    assert.match(refusal('models', 'inspekt', 'x'), /did you mean inspect\?/);
  });

  it("refuses what it does not know, without telling an option's value", () => {
    assert.equal(refusal('run', '--mqtt.pass=hunter2').includes('hunter2'), false);
    assert.match(refusal('run', '--qqqqqq'), /^There is no option "--qqqqqq"$/);
    assert.match(refusal('run', '--camera.width'), /argument missing/);
    assert.match(refusal('run', 'extra'), /too many arguments/i);
    assert.match(refusal('models', 'inspect'), /missing required argument/i);
    assert.match(refusal(), /^Usage: lookout/);
    assert.match(refusal('models'), /^Usage: lookout models/);
  });
});
