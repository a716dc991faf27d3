import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { describe, it } from 'node:test';
import { OutputPipe } from '../../src/camera/output-pipe.js';
import { FramePool } from '../../src/domain/frame-pool.js';

const BLOCK_BYTES = 96;

/** A pool that counts the buffers it gives out. */
class CountingPool extends FramePool {
  taken = 0;

  override take(byteLength: number): Uint8Array<ArrayBuffer> {
    this.taken += 1;
    return super.take(byteLength);
  }
}

function numbered(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => index % 251));
}

/** A pipe that holds `bytes`, written in pieces of a length, and has no writer any more. */
function filledPipe(bytes: Buffer, pieceBytes = bytes.length, pool = new FramePool()): OutputPipe {
  const pipe = OutputPipe.open({ bytes: BLOCK_BYTES, pool });
  pipe.handOver((fd) => {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      writeSync(fd, bytes.subarray(at, at + pieceBytes));
    }
  });
  return pipe;
}

async function blocksOf(pipe: OutputPipe): Promise<Uint8Array<ArrayBuffer>[]> {
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  for (let block = await pipe.next(); block; block = await pipe.next()) blocks.push(block);
  return blocks;
}

describe('OutputPipe', () => {
  it('gives the same blocks however the bytes are cut, and the rest at the end', async () => {
    const bytes = numbered(1000);
    for (const pieceBytes of [1, 7, 96, 97, 500, 1000]) {
      const blocks = await blocksOf(filledPipe(bytes, pieceBytes));
      assert.deepEqual(
        blocks.map(({ byteLength }) => byteLength),
        [...Array(10).fill(BLOCK_BYTES), 40],
      );
      assert.deepEqual(Buffer.concat(blocks), bytes);
    }
  });

  it('gives blocks over buffers of their own, exactly as long as they are', async () => {
    const [first, second] = await blocksOf(filledPipe(numbered(2 * BLOCK_BYTES)));
    assert.equal(first?.buffer.byteLength, BLOCK_BYTES);
    assert.notEqual(first?.buffer, second?.buffer);
  });

  it('takes no more than one block ahead, from the buffers that came back', async () => {
    const pool = new CountingPool();
    const pipe = filledPipe(numbered(30 * BLOCK_BYTES), undefined, pool);
    const buffers = new Set<ArrayBuffer>();
    for (let count = 0; count < 30; count++) {
      await new Promise(setImmediate);
      assert.ok(pool.taken <= count + 2, `${pool.taken} buffers are taken at block ${count}`);
      const block = await pipe.next();
      assert.ok(block);
      buffers.add(block.buffer);
      pool.give(block);
    }
    assert.equal(await pipe.next(), null);
    assert.ok(buffers.size <= 3, `${buffers.size} buffers were used`);
  });

  it('ends at once when nothing was written, and when it is given up', async () => {
    assert.equal(await filledPipe(Buffer.alloc(0)).next(), null);
    const pipe = OutputPipe.open({ bytes: BLOCK_BYTES, pool: new FramePool() });
    const waiting = pipe.next();
    pipe[Symbol.dispose]();
    assert.equal(await waiting, null);
    pipe.handOver(() => {});
  });

  it('reads on to the end and keeps nothing when it is drained', async () => {
    const pipe = filledPipe(numbered(5 * BLOCK_BYTES + 1));
    assert.deepEqual(await pipe.next(), new Uint8Array(numbered(BLOCK_BYTES)));
    await pipe.drain();
    assert.equal(await pipe.next(), null);
  });
});
