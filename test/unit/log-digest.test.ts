import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LogDigest } from '../../src/log/log-digest.js';
import { RecordingLog } from '../helpers/recording-log.js';

describe('LogDigest', () => {
  it('says the first at once, then at most one line a second', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const log = new RecordingLog();
    const digest = new LogDigest(log, 'Cannot detect');
    digest.add('a');
    assert.deepEqual(log.lines, ['warn Cannot detect: a']);
    for (let i = 0; i < 57; i += 1) digest.add(`b${i}`);
    t.mock.timers.tick(999);
    assert.equal(log.lines.length, 1);
    t.mock.timers.tick(1);
    assert.deepEqual(log.lines.slice(1), ['warn Cannot detect 57 times in 1 s, last: b56']);
    digest.add('c');
    assert.equal(log.lines.length, 2);
    t.mock.timers.tick(1000);
    assert.deepEqual(log.lines.slice(2), ['warn Cannot detect: c']);
  });

  it('says the next at once after a second without any', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const log = new RecordingLog();
    const digest = new LogDigest(log, 'Cannot detect');
    digest.add('a');
    t.mock.timers.tick(1000);
    digest.add('b');
    assert.deepEqual(log.lines, ['warn Cannot detect: a', 'warn Cannot detect: b']);
  });

  it('says what is left when it is disposed of, and nothing after', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const log = new RecordingLog();
    {
      using digest = new LogDigest(log, 'Cannot detect');
      for (const detail of ['a', 'b', 'c']) digest.add(detail);
    }
    t.mock.timers.tick(5000);
    assert.deepEqual(log.lines, [
      'warn Cannot detect: a',
      'warn Cannot detect 2 times in 1 s, last: c',
    ]);
  });
});
