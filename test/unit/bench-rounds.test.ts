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

  it('has everybody directly behind everybody else equally often', () => {
    for (const contestants of [2, 3, 4, 5, 6, 7]) {
      const followed = new Map<string, number>();
      for (let round = 0; round < 2 * contestants; round += 1) {
        const order = turnOrder(contestants, round);
        order.slice(1).forEach((contestant, turn) => {
          const pair = `${order[turn]} ${contestant}`;
          followed.set(pair, (followed.get(pair) ?? 0) + 1);
        });
      }
      assert.equal(followed.size, contestants * (contestants - 1));
      for (const times of followed.values()) assert.equal(times, 2);
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
