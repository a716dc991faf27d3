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
    assert.deepEqual(conflict.at(18 * MINUTE), { count: 2, sinceMs: 1 * MINUTE });
    assert.equal(conflict.at(19 * MINUTE), null);
  });

  it('begins anew after it was over', () => {
    const conflict = new ClientIdConflict();
    conflict.takenOver(0);
    assert.equal(conflict.takenOver(20 * MINUTE), true);
    assert.deepEqual(conflict.at(21 * MINUTE), { count: 1, sinceMs: 20 * MINUTE });
  });

  it('suspects another client at the third short session in a row, and only then', () => {
    const conflict = new ClientIdConflict();
    const told = [true, true, false, true, true, true, true].map((isSoon) =>
      conflict.hungUp(isSoon),
    );
    assert.deepEqual(told, [false, false, false, false, false, true, false]);
  });
});
