import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { FrameQueue } from '../../src/pipeline/frame-queue.js';
import { makeFrame } from '../helpers/frames.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

interface Rig {
  readonly queue: FrameQueue;
  /** `sequence reason` of each dropped frame. */
  readonly drops: string[];
}

function rig(capacity: number, maxAgeMs = Number.POSITIVE_INFINITY): Rig {
  const drops: string[] = [];
  const queue = new FrameQueue({
    capacity,
    maxAgeMs,
    onDrop: ({ sequence }, reason) => drops.push(`${sequence} ${reason}`),
  });
  return { queue, drops };
}

function pushAll(queue: FrameQueue, ...sequences: number[]): void {
  for (const sequence of sequences) queue.push(makeFrame({ sequence }));
}

/** Takes until the queue is closed and empty. */
async function takeAll(queue: FrameQueue): Promise<number[]> {
  const taken: number[] = [];
  for (let next = await queue.take(); next; next = await queue.take()) {
    taken.push(next.frame.sequence);
  }
  return taken;
}

/** Whether the promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await turn();
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('FrameQueue', () => {
  for (const capacity of [1, 2, 3]) {
    it(`keeps the newest ${capacity} and drops the oldest when full`, async () => {
      const { queue, drops } = rig(capacity);
      pushAll(queue, 0, 1, 2, 3, 4);
      queue.close();
      assert.deepEqual(await takeAll(queue), [0, 1, 2, 3, 4].slice(-capacity));
      const dropped = [0, 1, 2, 3, 4].slice(0, 5 - capacity);
      assert.deepEqual(
        drops,
        dropped.map((sequence) => `${sequence} queue_full`),
      );
    });
  }

  it('gives a frame to whoever was waiting for it', async () => {
    const { queue } = rig(1);
    const taking = queue.take();
    assert.equal(await isSettled(taking), false);
    pushAll(queue, 7);
    assert.equal((await taking)?.frame.sequence, 7);
  });

  it('drops frames that have waited longer than the age limit and gives the next', async () => {
    const { queue, drops } = rig(3, 50);
    pushAll(queue, 0, 1);
    await sleep(60);
    pushAll(queue, 2);
    const next = await queue.take();
    assert.equal(next?.frame.sequence, 2);
    assert.ok(next.queuedMs >= 0 && next.queuedMs <= 50);
    assert.deepEqual(drops, ['0 too_old', '1 too_old']);
  });

  it('tells how long a frame has waited', async () => {
    const { queue } = rig(1);
    const begin = performance.now();
    pushAll(queue, 0);
    await sleep(20);
    const next = await queue.take();
    assert.ok(next && next.queuedMs >= 19 && next.queuedMs <= performance.now() - begin);
  });

  it('gives what waits after close, then null to everyone', async () => {
    const { queue, drops } = rig(2);
    pushAll(queue, 0, 1);
    queue.close();
    assert.deepEqual(await takeAll(queue), [0, 1]);
    assert.equal(await queue.take(), null);
    assert.deepEqual(drops, []);
  });

  it('drops what waits when abandoned, and what comes later', async () => {
    const { queue, drops } = rig(2);
    pushAll(queue, 0, 1);
    queue.abandon();
    pushAll(queue, 2);
    assert.equal(await queue.take(), null);
    assert.deepEqual(drops, ['0 stopped', '1 stopped', '2 stopped']);
  });

  it('wakes a taker when it is closed', async () => {
    const { queue } = rig(1);
    const taking = queue.take();
    queue.close();
    assert.equal(await taking, null);
  });

  it('has room at once while it is not full, and when it is closed', async () => {
    const { queue } = rig(2);
    pushAll(queue, 0);
    assert.ok(await isSettled(queue.whenRoom()));
    pushAll(queue, 1);
    queue.close();
    assert.ok(await isSettled(queue.whenRoom()));
  });

  it('has room again when a frame was taken', async () => {
    const { queue } = rig(2);
    pushAll(queue, 0, 1);
    const waiting = queue.whenRoom();
    assert.equal(await isSettled(waiting), false);
    await queue.take();
    assert.ok(await isSettled(waiting));
  });

  it('has room again when a frame was too old', async () => {
    const { queue } = rig(1, 100);
    pushAll(queue, 0);
    await sleep(120);
    const waiting = queue.whenRoom();
    const taking = queue.take();
    assert.ok(await isSettled(waiting));
    pushAll(queue, 1);
    assert.equal((await taking)?.frame.sequence, 1);
  });

  it('gives or drops every frame exactly once, in order, whatever the timing', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const { queue, drops } = rig(1 + seededInteger(random, 3), seed % 3 === 0 ? 2 : 1e9);
      const taking = takeSlowly(queue, random);
      const count = await pushSlowly(queue, random);
      if (random() < 0.5) queue.close();
      else queue.abandon();
      const taken = await taking;
      const ended = [...taken, ...drops.map((line) => Number.parseInt(line, 10))];
      const expected = Array.from({ length: count }, (_, sequence) => sequence);
      assert.deepEqual(
        ended.sort((a, b) => a - b),
        expected,
        `seed ${seed}`,
      );
      assert.deepEqual(
        taken,
        [...taken].sort((a, b) => a - b),
        `seed ${seed}`,
      );
    }
  });
});

/** Pushes some frames with pauses in between and gives their number. */
async function pushSlowly(queue: FrameQueue, random: () => number): Promise<number> {
  const count = 20 + seededInteger(random, 60);
  for (let sequence = 0; sequence < count; sequence++) {
    pushAll(queue, sequence);
    await maybePause(random);
  }
  return count;
}

async function takeSlowly(queue: FrameQueue, random: () => number): Promise<number[]> {
  const taken: number[] = [];
  for (let next = await queue.take(); next; next = await queue.take()) {
    taken.push(next.frame.sequence);
    await maybePause(random);
  }
  return taken;
}

async function maybePause(random: () => number): Promise<void> {
  if (random() < 0.4) await turn();
  if (random() < 0.05) await sleep(3);
}
