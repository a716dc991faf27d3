import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientIdConflict } from '../../src/publishing/client-id-conflict.js';

const MINUTE = 60_000;

describe('ClientIdConflict', () => {
  it('is news once, is counted, and is over after ten calm minutes', () => {
    const conflict = new ClientIdConflict();
    assert.equal(conflict.at(0), null);
    assert.equal(conflict.takenOver(1 * MINUTE), true);
    assert.equal(conflict.takenOver(9 * MINUTE), false);
    const known = { isCertain: true, count: 2, sinceMs: 1 * MINUTE };
    assert.deepEqual(conflict.at(18 * MINUTE), known);
    assert.equal(conflict.at(19 * MINUTE), null);
  });

  it('begins anew after it was over', () => {
    const conflict = new ClientIdConflict();
    conflict.takenOver(0);
    assert.equal(conflict.takenOver(20 * MINUTE), true);
    assert.deepEqual(conflict.at(21 * MINUTE), {
      isCertain: true,
      count: 1,
      sinceMs: 20 * MINUTE,
    });
  });

  it('is a suspicion, told once, from the third suspicious end in a row on', () => {
    const conflict = new ClientIdConflict();
    const told = [true, true, false, true, true, true, true].map((isSuspicious) =>
      conflict.ended(isSuspicious, 0),
    );
    assert.deepEqual(told, [false, false, false, false, false, true, false]);
    assert.deepEqual(conflict.at(0), { isCertain: false, count: 2, sinceMs: 0 });
  });

  it('is news again when the suspicion is confirmed', () => {
    const conflict = new ClientIdConflict();
    for (let i = 0; i < 3; i += 1) conflict.ended(true, 0);
    assert.equal(conflict.takenOver(1), true);
    assert.equal(conflict.at(1)?.isCertain, true);
  });
});
