import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReleaseStack } from '../../src/async/release-stack.js';

/** Things that write down when they are released. */
function things() {
  const released: string[] = [];
  const at = (name: string): Disposable => ({
    [Symbol.dispose]: () => void released.push(name),
  });
  const late = (name: string): AsyncDisposable => ({
    [Symbol.asyncDispose]: async () => {
      await sleep(5);
      released.push(name);
    },
  });
  const failing = (name: string): AsyncDisposable => ({
    [Symbol.asyncDispose]: async () => {
      released.push(name);
      throw new Error(`Cannot release ${name}`);
    },
  });
  return { released, at, late, failing };
}

describe('ReleaseStack', () => {
  it('releases the last one first, and waits for each', async () => {
    const { released, at, late } = things();
    {
      await using stack = new ReleaseStack();
      stack.use(late('a'));
      stack.use(at('b'));
      stack.use(late('c'));
      assert.deepEqual(released, []);
    }
    assert.deepEqual(released, ['c', 'b', 'a']);
  });

  it('gives back what it takes, also where there is nothing', async () => {
    const { released, at } = things();
    const thing = at('a');
    await using stack = new ReleaseStack();
    assert.equal(stack.use(thing), thing);
    assert.equal(stack.use(null), null);
    assert.deepEqual(released, []);
  });

  it('releases the others too where one cannot be released', async () => {
    const { released, at, failing } = things();
    const stack = new ReleaseStack();
    stack.use(at('a'));
    stack.use(failing('b'));
    stack.use(at('c'));
    await assert.rejects(async () => await stack[Symbol.asyncDispose](), /Cannot release b/);
    assert.deepEqual(released, ['c', 'b', 'a']);
  });

  it('releases nothing that was handed over, and nothing twice', async () => {
    const { released, at } = things();
    const stack = new ReleaseStack();
    stack.use(at('a'));
    const other = stack.move();
    await stack[Symbol.asyncDispose]();
    assert.deepEqual(released, []);
    await other[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    assert.deepEqual(released, ['a']);
  });
});
