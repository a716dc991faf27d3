import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { editDistance, nearest } from '../../src/config/nearest.js';

describe('editDistance()', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    for (const [a, b, distance] of [
      ['', '', 0],
      ['', 'abc', 3],
      ['width', 'width', 0],
      ['widht', 'width', 1],
      ['with', 'width', 1],
      ['widdth', 'width', 1],
      ['wodth', 'width', 1],
      ['kitten', 'sitting', 3],
      ['ca', 'abc', 3],
    ] as const) {
      assert.equal(editDistance(a, b), distance, `${a} ${b}`);
      assert.equal(editDistance(b, a), distance, `${b} ${a}`);
    }
  });
});

describe('nearest()', () => {
  it('finds what was meant, whatever its case', () => {
    assert.equal(nearest('hieght', ['width', 'height', 'fps']), 'height');
    assert.equal(nearest('FPS', ['width', 'height', 'fps']), 'fps');
  });

  it('completes a beginning', () => {
    assert.equal(nearest('user', ['url', 'username']), 'username');
  });

  it('finds nothing when nothing is near', () => {
    assert.equal(nearest('port', ['width', 'height', 'fps']), undefined);
    assert.equal(nearest('', ['width']), undefined);
    assert.equal(nearest('width'.repeat(20), ['width'.repeat(20)]), undefined);
  });
});
