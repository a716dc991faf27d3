import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { newest } from '../../src/camera/newest.js';

interface Item {
  readonly n: number;
}

const NEVER = new AbortController().signal;
const ignore = () => {};

async function* upTo(count: number): AsyncGenerator<Item> {
  for (let n = 0; n < count; n += 1) yield { n };
}

/** Gives one item, then waits for the signal as a camera does that has nothing new. */
async function* quietCamera(signal: AbortSignal): AsyncGenerator<Item> {
  yield { n: 0 };
  if (!signal.aborted) await once(signal, 'abort');
}

describe('newest', () => {
  it('gives a consumer that was busy the newest item, and skips the others', async () => {
    const skipped: number[] = [];
    const given: number[] = [];
    let ended = false;
    async function* source() {
      yield* upTo(100);
      ended = true;
    }
    for await (const { n } of newest(source, (item) => skipped.push(item.n), NEVER)) {
      given.push(n);
      while (!ended) await new Promise(setImmediate);
    }
    assert.equal(given.at(-1), 99);
    assert.equal(given.length, 2);
    assert.deepEqual(new Set([...given, ...skipped]).size, 100);
    assert.equal(given.length + skipped.length, 100);
  });

  it('fails after the last item when the source fails', async () => {
    async function* source() {
      yield* upTo(1);
      throw new Error('unplugged');
    }
    const items: Item[] = [];
    await assert.rejects(async () => {
      for await (const item of newest(source, ignore, NEVER)) items.push(item);
    }, /unplugged/);
    assert.deepEqual(items, [{ n: 0 }]);
  });

  it('ends the source when the consumer leaves', async () => {
    let ended = false;
    async function* source(signal: AbortSignal) {
      yield* quietCamera(signal);
      ended = true;
    }
    for await (const _ of newest(source, ignore, NEVER)) break;
    assert.ok(ended);
  });

  it('ends on abort, and leaves no listener behind', async () => {
    const root = new AbortController();
    let removed = 0;
    const remove = root.signal.removeEventListener.bind(root.signal);
    root.signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      removed += 1;
      remove(...args);
    };
    let ended = false;
    async function* source(signal: AbortSignal) {
      yield* quietCamera(signal);
      ended = true;
    }
    for await (const _ of newest(source, ignore, root.signal)) setImmediate(() => root.abort());
    assert.ok(ended);
    assert.equal(removed, 1);
  });
});
