import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandLane, type Job, type Outcome } from '../../src/commands/command-lane.js';
import { eventually } from '../helpers/eventually.js';

class Bench {
  readonly seen: string[] = [];
  nowMs = 0;
  readonly lane = new CommandLane(3, () => this.nowMs);

  push(name: string, run: Job['run'], limitMs = 60_000): void {
    this.lane.push({
      name,
      run: (signal) => {
        this.seen.push(`${name} runs`);
        return run(signal);
      },
      limitMs,
      expiresAtMs: 1_000,
      settle: (outcome) => this.seen.push(`${name} ${inWords(outcome)}`),
    });
  }

  settled(count: number): Promise<unknown> {
    const isEnd = (line: string) => !line.endsWith(' runs');
    return eventually('jobs end', () => this.seen.filter(isEnd).length >= count);
  }
}

function inWords(outcome: Outcome): string {
  if (outcome.kind === 'done') return `done ${String(outcome.data)}`;
  return outcome.kind === 'failed' ? `failed ${String(outcome.thrown)}` : outcome.kind;
}

/** A task that ends when it is told to. */
function latch(): { readonly promise: Promise<void>; open(): void } {
  let open = () => undefined as unknown;
  const promise = new Promise<void>((resolve) => {
    open = () => resolve();
  });
  return { promise, open: () => open() };
}

describe('CommandLane', () => {
  it('runs one job after the other, in order, and none inside push', async () => {
    const bench = new Bench();
    const first = latch();
    bench.push('a', () => first.promise);
    bench.push('b', () => 2);
    assert.deepEqual(bench.seen, []);
    await eventually('a runs', () => bench.seen.length === 1);
    first.open();
    await bench.settled(2);
    assert.deepEqual(bench.seen, ['a runs', 'a done undefined', 'b runs', 'b done 2']);
  });

  it('goes on after a job that throws or rejects', async () => {
    const bench = new Bench();
    bench.push('a', () => {
      throw new Error('thrown');
    });
    bench.push('b', () => Promise.reject(new Error('rejected')));
    bench.push('c', () => 3);
    await bench.settled(3);
    assert.deepEqual(
      bench.seen.filter((line) => !line.endsWith('runs')),
      ['a failed Error: thrown', 'b failed Error: rejected', 'c done 3'],
    );
  });

  it('refuses more than may wait', async () => {
    const bench = new Bench();
    const first = latch();
    bench.push('a', () => first.promise);
    await eventually('a runs', () => bench.seen.length === 1);
    for (const name of ['b', 'c', 'd']) {
      assert.equal(bench.lane.refusalOf(name), null);
      bench.push(name, () => 0);
    }
    assert.equal(bench.lane.refusalOf('e'), '3 commands are waiting');
    first.open();
    await bench.settled(4);
    assert.equal(bench.lane.refusalOf('e'), null);
  });

  it('does not run a job whose turn comes too late', async () => {
    const bench = new Bench();
    bench.push('a', () => {
      bench.nowMs = 1_001;
    });
    bench.push('b', () => 0);
    await bench.settled(2);
    assert.deepEqual(bench.seen, ['a runs', 'a done undefined', 'b expired']);
  });

  it('tells a job to stop that takes too long, and then goes on', async () => {
    const bench = new Bench();
    let reason: unknown;
    bench.push(
      'a',
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            reject(signal.reason);
          });
        }),
      20,
    );
    bench.push('a', () => 2);
    await bench.settled(2);
    assert.deepEqual(bench.seen, ['a runs', 'a timeout', 'a runs', 'a done 2']);
    assert.match(String(reason), /took too long/);
  });

  it('goes on without a job that never ends, but runs none of its name until it has', async () => {
    const bench = new Bench();
    const stuck = latch();
    bench.push('a', () => stuck.promise, 20);
    bench.push('a', () => 0);
    bench.push('b', () => 0);
    await bench.settled(3);
    assert.deepEqual(bench.seen, ['a runs', 'a timeout', 'a blocked', 'b runs', 'b done 0']);
    assert.match(bench.lane.refusalOf('a') ?? '', /given up and has not ended/);
    stuck.open();
    await eventually('a may run again', () => bench.lane.refusalOf('a') === null);
  });

  it('gives up everything when it is disposed of', async () => {
    const bench = new Bench();
    bench.push(
      'a',
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    bench.push('b', () => 0);
    await eventually('a runs', () => bench.seen.length === 1);
    await bench.lane[Symbol.asyncDispose]();
    assert.deepEqual(bench.seen, ['a runs', 'a stopped', 'b stopped']);
    assert.equal(bench.lane.refusalOf('c'), 'Lookout is stopping');
  });

  it('waits a second at most for a job that does not obey', { timeout: 20_000 }, async () => {
    const bench = new Bench();
    bench.push('a', () => latch().promise);
    await eventually('a runs', () => bench.seen.length === 1);
    await bench.lane[Symbol.asyncDispose]();
    assert.deepEqual(bench.seen, ['a runs', 'a stopped']);
  });
});
