import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnnounceTimer, type Timer } from '../../src/discovery/announce-timer.js';
import { seededRandom } from '../helpers/seeded-random.js';

/** A clock that goes on only when it is told to. */
class ManualTimer implements Timer {
  readonly #waiting = new Set<{ readonly atMs: number; readonly run: () => void }>();
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const entry = { atMs: this.#nowMs + delayMs, run };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  }

  get pending(): number {
    return this.#waiting.size;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const entry of this.#waiting) {
      if (entry.atMs > this.#nowMs) continue;
      this.#waiting.delete(entry);
      entry.run();
    }
  }
}

function timerWith(random: () => number) {
  const timer = new ManualTimer();
  const announced: number[] = [];
  const announce = () => void announced.push(timer.nowMs());
  return { timer, announced, announcer: new AnnounceTimer({ announce, random, timer }) };
}

describe('AnnounceTimer', () => {
  it('answers a birth after 1 s at least and 5 s at most', () => {
    for (const [random, dueMs] of [
      [0, 1_000],
      [0.5, 3_000],
      [0.9999, 4_999.6],
    ] as const) {
      const { timer, announced, announcer } = timerWith(() => random);
      announcer.askAfterBirth();
      timer.advance(dueMs - 1);
      assert.deepEqual(announced, []);
      timer.advance(1);
      assert.equal(announced.length, 1);
    }
  });

  it('answers many at once with one announcement, and a later one with another', () => {
    const { timer, announced, announcer } = timerWith(seededRandom(1));
    for (let times = 0; times < 100; times++) announcer.askAfterBirth();
    assert.equal(timer.pending, 1);
    timer.advance(5_000);
    assert.equal(announced.length, 1);
    announcer.askAfterBirth();
    timer.advance(5_000);
    assert.equal(announced.length, 2);
  });

  it('answers somebody who keeps emptying our topics every 10 s', () => {
    const { timer, announced, announcer } = timerWith(seededRandom(2));
    for (let second = 0; second < 100; second++) {
      announcer.askAfterEmptying();
      timer.advance(1_000);
    }
    assert.ok(announced.length >= 9 && announced.length <= 11, `${announced.length}`);
  });

  it('lets a birth wait for nothing longer than itself', () => {
    const { timer, announced, announcer } = timerWith(() => 0);
    announcer.askAfterEmptying();
    timer.advance(1_000);
    announcer.askAfterEmptying();
    announcer.askAfterBirth();
    timer.advance(1_000);
    assert.equal(announced.length, 2);
    timer.advance(60_000);
    assert.equal(announced.length, 2);
  });

  it('announces nothing after its disposal', () => {
    const { timer, announced, announcer } = timerWith(() => 0);
    announcer.askAfterBirth();
    announcer[Symbol.dispose]();
    timer.advance(60_000);
    assert.deepEqual(announced, []);
  });
});
