import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { journalFormat, jsonFormat, type LogEntry, textFormat } from '../../src/log/log-line.js';

const TIME_MS = new Date(2026, 0, 2, 3, 4, 5, 67).getTime();
const plain = textFormat({ colour: false });

function entry(message: string, fields?: LogEntry['fields']): LogEntry {
  return { level: 'warn', message, fields, timeMs: TIME_MS };
}

/** Values that JSON cannot write as they are. */
function awkward(): Record<string, unknown> {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  return { circle };
}

describe('textFormat()', () => {
  it('gives local time, level, message and fields', () => {
    assert.equal(
      plain(
        entry('Cannot connect', { url: 'mqtt://h:1883', tries: 3, why: 'no "x"', none: undefined }),
      ),
      '03:04:05.067 warn  Cannot connect url=mqtt://h:1883 tries=3 why="no \\"x\\""',
    );
  });

  it('colours the level only when asked to', () => {
    const coloured = textFormat({ colour: true })(entry('x'));
    assert.ok(coloured.endsWith('\x1b[33mwarn \x1b[0m x'), JSON.stringify(coloured));
    assert.doesNotMatch(plain(entry('x')), /\p{Cc}/u);
  });

  it('indents further lines and escapes what would steer a terminal', () => {
    assert.match(plain(entry('a\nb\x1b[2J\r')), /warn {2}a\n {2}b\\x1b\[2J\\x0d$/);
    assert.match(plain(entry('x', { label: '\x1b[31m\n' })), /label="\\u001b\[31m\\n"$/);
  });
});

describe('journalFormat()', () => {
  it('puts the priority before each line, and no time', () => {
    assert.equal(journalFormat(entry('a\nb', { n: 1 })), '<4>a\n<4>b n=1');
    for (const [level, priority] of [
      ['error', 3],
      ['info', 6],
      ['debug', 7],
    ] as const) {
      assert.equal(journalFormat({ ...entry('x'), level }), `<${priority}>x`);
    }
  });
});

describe('jsonFormat()', () => {
  it('gives one object in one line', () => {
    const line = jsonFormat(entry('a\n"b"', { n: 1, time: 'x' }));
    assert.doesNotMatch(line, /\n/);
    assert.deepEqual(JSON.parse(line), {
      time: new Date(TIME_MS).toISOString(),
      level: 'warn',
      message: 'a\n"b"',
      fields: { n: 1, time: 'x' },
    });
  });

  it('has no fields where there are none', () => {
    assert.equal('fields' in JSON.parse(jsonFormat(entry('x'))), false);
  });
});

describe('every format', () => {
  it('takes whatever it is given, and shortens what is long', () => {
    const throwing = { toJSON: () => assert.fail('no') };
    for (const format of [plain, journalFormat, jsonFormat]) {
      assert.match(format(entry('x', awkward())), /x/);
      assert.match(format(entry('x', { throwing })), /x/);
      assert.match(
        format(entry('x', { big: 12n, error: new Error('the reason') })),
        /12.*the reason/,
      );
      assert.match(format(entry('x', { symbol: Symbol('s'), f: () => 1 })), /x/);
      assert.ok(format(entry('y'.repeat(1e6))).length < 17_000);
      assert.ok(format(entry('x', { long: 'y'.repeat(1e6) })).length < 17_000);
    }
  });
});
