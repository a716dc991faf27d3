import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FedLine, LogFeed } from '../../src/log/log-feed.js';
import type { LogLevel } from '../../src/log/log-line.js';
import { ManualClock } from '../helpers/manual-clock.js';

const T0 = 1_700_000_000_000;

function setUp() {
  const clock = new ManualClock();
  const feed = new LogFeed(clock.schedule, clock.nowMs);
  const lines: FedLine[] = [];
  const say = (message: string, level: LogLevel = 'warn'): void =>
    feed.add({ level, message, fields: undefined, timeMs: T0 });
  const listen = (): void => feed.to((line) => lines.push(line) > 0);
  const told = (): string[] => lines.map(({ message, count }) => `${count} ${message}`);
  return { clock, feed, lines, say, listen, told };
}

describe('LogFeed', () => {
  it('hands the first on at once and then one a second, the same one once', () => {
    const { clock, say, listen, told } = setUp();
    listen();
    for (const message of ['a', 'b', 'c', 'b', 'b']) say(message);
    assert.deepEqual(told(), ['1 a']);
    clock.advance(999);
    assert.deepEqual(told(), ['1 a']);
    clock.advance(1);
    assert.deepEqual(told(), ['1 a', '3 b']);
    clock.advance(1_000);
    clock.advance(1_000);
    say('d');
    assert.deepEqual(told(), ['1 a', '3 b', '1 c', '1 d']);
  });

  it('takes warnings and errors only, with their details', () => {
    const { clock, feed, lines, say, listen } = setUp();
    listen();
    say('fine', 'info');
    say('finer', 'debug');
    const fields = { file: 'a.pem', error: new Error('gone') };
    feed.add({ level: 'error', message: 'Cannot read', fields, timeMs: T0 });
    clock.advance(1_000);
    assert.deepEqual(
      lines.map(({ level, message }) => [level, message]),
      [['error', 'Cannot read file=a.pem error="gone"']],
    );
  });

  it('keeps a handful while nobody takes them, and says how many it left out', () => {
    const { clock, lines, say, listen } = setUp();
    for (let i = 0; i < 20; i += 1) say(`line ${i}`);
    clock.advance(1_000);
    listen();
    for (let i = 0; i < 20; i += 1) clock.advance(1_000);
    assert.equal(lines.length, 16);
    assert.deepEqual(
      lines.slice(0, 2).map(({ message, omitted }) => [message, omitted]),
      [
        ['line 0', 4],
        ['line 1', 0],
      ],
    );
  });

  it('leaves out what got too old', () => {
    const { clock, lines, say, listen } = setUp();
    say('old');
    for (let i = 0; i < 61; i += 1) {
      if (i === 60) say('new');
      if (i === 60) listen();
      clock.advance(1_000);
    }
    assert.deepEqual(
      lines.map(({ message, omitted }) => [message, omitted]),
      [['new', 1]],
    );
    clock.advance(1_000);
    assert.equal(lines.length, 1);
  });

  it('does not go round in circles where handing on brings about lines', () => {
    const { clock, feed, lines, say } = setUp();
    feed.to((line) => {
      lines.push(line);
      say('Cannot publish');
      return true;
    });
    say('a');
    for (let i = 0; i < 5; i += 1) clock.advance(1_000);
    assert.deepEqual(
      lines.map(({ message }) => message),
      ['a', 'Cannot publish'],
    );
  });

  it('hands nothing on after disposal', () => {
    const { clock, feed, say, listen, told } = setUp();
    listen();
    say('a');
    say('b');
    feed[Symbol.dispose]();
    say('c');
    clock.advance(5_000);
    assert.deepEqual(told(), ['1 a']);
  });
});
