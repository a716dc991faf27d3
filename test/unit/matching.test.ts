import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assign, type Candidate, UNASSIGNED } from '../../src/tracking/matching.js';
import { type Random, seededRandom } from '../helpers/scene.js';

function candidatesOf(gains: readonly (readonly number[])[]): Candidate[][] {
  return gains.map((row) => row.flatMap((gain, column) => (gain > 0 ? [{ column, gain }] : [])));
}

function totalGain(candidates: readonly (readonly Candidate[])[], columns: Int32Array): number {
  return candidates.reduce((sum, row, index) => {
    const chosen = row.find(({ column }) => column === columns[index]);
    return sum + (chosen?.gain ?? 0);
  }, 0);
}

/** The best total by trying everything. */
function bestTotal(candidates: readonly (readonly Candidate[])[], taken: Set<number>): number {
  const [first, ...rest] = candidates;
  if (first === undefined) return 0;
  let best = bestTotal(rest, taken);
  for (const { column, gain } of first) {
    if (taken.has(column)) continue;
    best = Math.max(best, gain + bestTotal(rest, new Set([...taken, column])));
  }
  return best;
}

function randomGains(random: Random, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => (random() < 0.5 ? Math.ceil(random() * 9) / 10 : 0)),
  );
}

describe('assign', () => {
  it('finds the greatest total, as trying everything does', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 500; round += 1) {
      const columnCount = Math.floor(random() * 6);
      const candidates = candidatesOf(randomGains(random, Math.floor(random() * 6), columnCount));
      const columns = assign(candidates, columnCount);
      const given = [...columns].filter((column) => column !== UNASSIGNED);
      assert.equal(new Set(given).size, given.length, 'a column was given twice');
      const difference = totalGain(candidates, columns) - bestTotal(candidates, new Set());
      assert.ok(Math.abs(difference) < 1e-9, `round ${round}: off by ${difference}`);
    }
  });

  it('gives up the best single pair where two others are worth more', () => {
    const columns = assign(
      candidatesOf([
        [0.9, 0.8],
        [0.7, 0],
      ]),
      2,
    );
    assert.deepEqual([...columns], [1, 0]);
  });

  it('leaves a row without a column rather than break up a better pair', () => {
    const columns = assign(
      candidatesOf([
        [0.9, 0.3],
        [0.5, 0],
      ]),
      2,
    );
    assert.deepEqual([...columns], [0, UNASSIGNED]);
  });

  it('leaves rows without candidates alone', () => {
    assert.deepEqual([...assign([[], [{ column: 1, gain: 0.5 }], []], 2)], [-1, 1, -1]);
    assert.deepEqual([...assign([], 3)], []);
    assert.deepEqual([...assign([[], []], 0)], [-1, -1]);
  });

  it('solves a hundred rows that all want the same hundred columns', () => {
    const random = seededRandom(2);
    const candidates = candidatesOf(
      Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 0.01 + random())),
    );
    const columns = assign(candidates, 100);
    assert.equal(new Set(columns).size, 100);
    // The expected cost of the best of n! assignments of uniform costs tends to π²/6.
    assert.ok(101 - totalGain(candidates, columns) < 3);
  });
});
