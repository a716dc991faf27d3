import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failureOf, refusal } from '../../src/publishing/link-failure.js';

function coded(message: string, code: string | number): Error {
  return Object.assign(new Error(message), { code });
}

describe('failureOf', () => {
  it('explains a code that Node gives without a text', () => {
    const failure = failureOf(coded('', 'ECONNREFUSED'), false);
    assert.deepEqual(failure, {
      kind: 'unreachable',
      detail: 'connection refused, no broker listens there',
    });
  });

  it('takes a reset before the broker has answered for a silent refusal, and later for an outage', () => {
    assert.equal(failureOf(coded('read ECONNRESET', 'ECONNRESET'), false).kind, 'silent');
    assert.equal(failureOf(coded('read ECONNRESET', 'ECONNRESET'), true).kind, 'unreachable');
  });

  it('never gives an empty text', () => {
    for (const thrown of [new Error(''), coded('', ''), coded('', 'EODD'), undefined]) {
      assert.notEqual(failureOf(thrown, true).detail, '');
    }
  });
});

describe('refusal', () => {
  it('tells what is pointless to repeat at once from an outage, in both versions of MQTT', () => {
    for (const code of [1, 132]) assert.equal(refusal(code, '').kind, 'wrong-protocol');
    for (const code of [4, 5, 134, 135]) assert.equal(refusal(code, '').kind, 'unauthorised');
    assert.equal(refusal(142, '').kind, 'taken-over');
    for (const code of [3, 136, 139]) assert.equal(refusal(code, '').kind, 'unreachable');
  });
});
