import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LargestPiece } from '../../src/motion/largest-piece.js';

function largestOf(picture: string): number {
  const rows = picture.trim().split(/\s+/);
  const mask = Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0));
  const size = new LargestPiece(rows[0]?.length ?? 0, rows.length).take(mask);
  assert.ok(mask.every((cell) => cell === 0));
  return size;
}

describe('LargestPiece', () => {
  it('is 0 where nothing is marked', () => assert.equal(largestOf('.... ....'), 0));

  it('is all of a full mask', () => assert.equal(largestOf('#### #### ####'), 12));

  it('takes cells together that touch, if only by a corner', () => {
    assert.equal(largestOf('#...# .#... ..#.# ....#'), 3);
  });

  it('does not go around the edge', () => assert.equal(largestOf('...# #... ...#'), 1));

  it('counts each piece by itself', () => assert.equal(largestOf('##.## #..## ...##'), 6));
});
