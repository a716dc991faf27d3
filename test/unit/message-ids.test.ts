import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageIds } from '../../src/publishing/message-ids.js';

describe('MessageIds', () => {
  it('gives a ULID that no other call gives', () => {
    const ids = new MessageIds();
    const given = Array.from({ length: 1000 }, () => ids.next());
    assert.equal(new Set(given).size, 1000);
    for (const id of given) assert.match(id, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });

  it('gives what another one does not give', () => {
    const [one, other] = [new MessageIds(), new MessageIds()];
    assert.notEqual(one.next().slice(10), other.next().slice(10));
  });

  it('uses every character', () => {
    const ids = new MessageIds();
    const random = Array.from({ length: 200 }, () => ids.next().slice(10)).join('');
    assert.equal(new Set(random).size, 32);
  });
});
