import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../../src/supervision/liveness.js';
import { startWatchdog } from '../../src/supervision/watchdog.js';
import { eventually } from '../helpers/eventually.js';
import { RecordingLog } from '../helpers/recording-log.js';

describe('startWatchdog()', () => {
  let current: Verdict;
  let asked: number;
  let told: string[];
  let log: RecordingLog;
  const liveness = {
    verdict(): Verdict {
      asked += 1;
      return current;
    },
  };
  const supervisor = { notify: (state: string) => void told.push(state) };
  const start = () => startWatchdog(liveness, supervisor, 2, log);

  beforeEach(() => {
    current = { alive: true };
    asked = 0;
    told = [];
    log = new RecordingLog();
  });

  it('gives a sign of life at each interval while alive, and logs nothing', async () => {
    using watchdog = start();
    await eventually('three signs of life', () => told.length >= 3);
    assert.equal(watchdog.pings, told.length);
    assert.deepEqual(new Set(told), new Set(['alive']));
    assert.deepEqual(log.lines, []);
  });

  it('falls silent while dead and says the reason once', async () => {
    current = { alive: false, reason: 'nothing moves' };
    using watchdog = start();
    await eventually('three verdicts', () => asked >= 3);
    assert.equal(watchdog.pings, 0);
    assert.deepEqual(told, []);
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0]!, /^error .*: nothing moves$/);
  });

  it('goes on when the work does', async () => {
    current = { alive: false, reason: 'nothing moves' };
    using _ = start();
    await eventually('a verdict', () => asked > 0);
    current = { alive: true };
    await eventually('a sign of life', () => told.length > 0);
    assert.equal(log.having('warn').length, 1);
  });

  it('stops when it is disposed of', async () => {
    const watchdog = start();
    await eventually('a sign of life', () => told.length > 0);
    watchdog[Symbol.dispose]();
    const before = asked;
    await sleep(20);
    assert.equal(asked, before);
  });
});
