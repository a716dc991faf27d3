import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RawFrameSplitter } from '../../src/camera/raw-frame-splitter.js';
import { FramePool } from '../../src/domain/frame-pool.js';

function numbered(length: number, first = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (first + index) % 256);
}

describe('RawFrameSplitter', () => {
  it('gives the same frames however the bytes are cut', () => {
    const bytes = numbered(1000);
    for (let chunkBytes = 1; chunkBytes < 300; chunkBytes += 7) {
      const splitter = new RawFrameSplitter(96, new FramePool());
      const frames: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        frames.push(...splitter.push(bytes.subarray(at, at + chunkBytes)));
      }
      assert.equal(frames.length, 10);
      assert.deepEqual(Buffer.concat(frames), Buffer.from(bytes.subarray(0, 960)));
    }
  });

  it('gives frames over buffers of their own, exactly as long as they are', () => {
    const pooled = Buffer.from('twelve bytes');
    const [first, second] = new RawFrameSplitter(6, new FramePool()).push(pooled);
    assert.equal(first?.buffer.byteLength, 6);
    assert.notEqual(first?.buffer, second?.buffer);
    assert.deepEqual(structuredClone(first, { transfer: [first!.buffer] }), numberedText('twelve'));
    assert.equal(first?.byteLength, 0);
  });

  it('fills the buffers that came back to the pool', () => {
    const pool = new FramePool();
    const splitter = new RawFrameSplitter(4, pool);
    const [first] = splitter.push(numbered(4));
    pool.give(first!);
    const [second] = splitter.push(numbered(4, 4));
    assert.equal(second, first);
    assert.deepEqual(second, numbered(4, 4));
  });

  it('keeps an incomplete frame to itself', () => {
    assert.deepEqual(new RawFrameSplitter(10, new FramePool()).push(numbered(9)), []);
  });
});

function numberedText(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}
