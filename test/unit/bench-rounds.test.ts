import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ratioOf, spreadOf, turnOrder } from '../../bench/rounds.js';

describe('turnOrder', () => {
  it('gives everybody one turn in each round', () => {
    for (let round = 0; round < 12; round += 1) {
      assert.deepEqual(turnOrder(5, round).sort(), [0, 1, 2, 3, 4]);
    }
  });

  it('lets each begin as often as the others', () => {
    for (const contestants of [2, 3, 4, 5]) {
      const rounds = Array.from({ length: 2 * contestants }, (_, round) => round);
      const first = rounds.map((round) => turnOrder(contestants, round)[0]);
      for (let contestant = 0; contestant < contestants; contestant += 1) {
        assert.equal(first.filter((one) => one === contestant).length, 2);
      }
    }
  });

  it('goes backwards every second time', () => {
    assert.deepEqual(turnOrder(3, 1), turnOrder(3, 0).reverse());
    assert.deepEqual(turnOrder(3, 3), turnOrder(3, 2).reverse());
  });

  it('never has one contestant always behind the same other', () => {
    for (const contestants of [3, 4, 5, 6]) {
      const before = new Map<number, Set<number>>();
      for (let round = 0; round < 2 * contestants; round += 1) {
        const order = turnOrder(contestants, round);
        order.slice(1).forEach((contestant, turn) => {
          const earlier = before.get(contestant) ?? new Set();
          before.set(contestant, earlier.add(order[turn] ?? -1));
        });
      }
      for (const earlier of before.values()) assert.ok(earlier.size > 1);
    }
  });
});

describe('spreadOf', () => {
  it('is the middle, the least and the greatest', () => {
    assert.deepEqual(spreadOf([5, 1, 9, 2, 4]), { median: 4, min: 1, max: 9 });
  });
});

describe('ratioOf', () => {
  it('compares within each round, so that a slow round of both is none', () => {
    assert.deepEqual(ratioOf([20, 200, 30], [10, 100, 10]), { median: 2, min: 2, max: 3 });
  });

  it('refuses rounds that do not belong together', () => {
    assert.throws(() => ratioOf([1, 2], [1]), /Cannot compare 2 rounds with 1/);
  });
});
