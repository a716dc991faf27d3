import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FramePool } from '../../src/domain/frame-pool.js';

describe('FramePool', () => {
  it('gives a returned buffer out again', () => {
    const pool = new FramePool();
    const buffer = pool.take(100);
    pool.give(buffer);
    assert.equal(pool.take(100), buffer);
  });

  it('never gives the same buffer to two', () => {
    const pool = new FramePool();
    pool.give(pool.take(100));
    const taken = [pool.take(100), pool.take(100), pool.take(100)];
    assert.equal(new Set(taken.map(({ buffer }) => buffer)).size, 3);
  });

  it('gives exactly the length asked for, when that changes too', () => {
    const pool = new FramePool();
    const old = [pool.take(100), pool.take(100)];
    pool.give(old[0]!);
    assert.equal(pool.take(50).byteLength, 50);
    // Comes back late, when nobody asks for its size any more.
    pool.give(old[1]!);
    const next = pool.take(50);
    assert.equal(next.byteLength, 50);
    pool.give(next);
    assert.equal(pool.take(50), next);
  });

  it('keeps no more than its capacity', () => {
    const pool = new FramePool(2);
    const buffers = [pool.take(10), pool.take(10), pool.take(10)];
    for (const buffer of buffers) pool.give(buffer);
    const again = [pool.take(10), pool.take(10), pool.take(10)];
    assert.equal(again.filter((buffer) => buffers.includes(buffer)).length, 2);
  });

  it('forgets a buffer that was transferred away', () => {
    const pool = new FramePool();
    const buffer = pool.take(10);
    structuredClone(buffer, { transfer: [buffer.buffer] });
    pool.give(buffer);
    assert.equal(pool.take(10).byteLength, 10);
  });
});
