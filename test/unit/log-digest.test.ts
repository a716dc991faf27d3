import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LogDigest } from '../../src/log/log-digest.js';
import { ManualClock } from '../helpers/manual-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';

describe('LogDigest', () => {
  it('says the first at once, then at most one line a second', () => {
    const clock = new ManualClock();
    const log = new RecordingLog();
    const digest = new LogDigest(log, 'Cannot detect', clock.schedule);
    digest.add('a');
    assert.deepEqual(log.lines, ['warn Cannot detect: a']);
    for (let i = 0; i < 57; i += 1) digest.add(`b${i}`);
    clock.advance(999);
    assert.equal(log.lines.length, 1);
    clock.advance(1);
    assert.deepEqual(log.lines.slice(1), ['warn Cannot detect 57 times in 1 s, last: b56']);
    digest.add('c');
    assert.equal(log.lines.length, 2);
    clock.advance(1000);
    assert.deepEqual(log.lines.slice(2), ['warn Cannot detect: c']);
  });

  it('says the next at once after a second without any', () => {
    const clock = new ManualClock();
    const log = new RecordingLog();
    const digest = new LogDigest(log, 'Cannot detect', clock.schedule);
    digest.add('a');
    clock.advance(1000);
    digest.add('b');
    assert.deepEqual(log.lines, ['warn Cannot detect: a', 'warn Cannot detect: b']);
  });

  it('says what is left when it is disposed of, and nothing after', () => {
    const clock = new ManualClock();
    const log = new RecordingLog();
    {
      using digest = new LogDigest(log, 'Cannot detect', clock.schedule);
      for (const detail of ['a', 'b', 'c']) digest.add(detail);
    }
    clock.advance(5000);
    assert.deepEqual(log.lines, [
      'warn Cannot detect: a',
      'warn Cannot detect 2 times in 1 s, last: c',
    ]);
  });
});
