import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decodeRecord,
  type EventRecord,
  encodeRecord,
  findRecords,
  keyOf,
  nameOf,
} from '../../src/outbox/event-record.js';
import { decodeBody, encodeBody, type OutboxEntry } from '../../src/outbox/outbox-entry.js';

const ENTRY: OutboxEntry = {
  id: '01M7Y3EZWM9EWEDTQ2E880N1P6',
  seq: 7,
  label: 'person',
  phase: 'update',
  occurredAtMs: 1_800_000_000_123,
  payload: { v: 1, name: 'Zoë 🐕', list: [1, null] },
};
const RECORD: EventRecord = {
  key: 2 ** 47 + 5,
  phase: ENTRY.phase,
  occurredAtMs: ENTRY.occurredAtMs,
  body: encodeBody(ENTRY),
};

describe('event records', () => {
  it('come out as they went in', () => {
    const record = decodeRecord(encodeRecord(RECORD));
    assert.ok(record);
    assert.equal(record.key, RECORD.key);
    assert.deepEqual(decodeBody(record.body, record), ENTRY);
  });

  it('do not come out when a single bit is another, or a byte too many or too few', () => {
    const bytes = encodeRecord(RECORD);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(decodeRecord(flipped), null, `bit ${bit}`);
    }
    for (let end = 0; end < bytes.length; end++) {
      assert.equal(decodeRecord(bytes.subarray(0, end)), null, `${end} bytes`);
    }
    assert.equal(decodeRecord(Buffer.concat([bytes, Buffer.alloc(1)])), null);
  });

  it('are found whole among other bytes', () => {
    const [first, second] = [1, 2].map((key) => encodeRecord({ ...RECORD, key }));
    assert.ok(first && second);
    const file = Buffer.concat([
      ...[Buffer.from('LkO'), first, Buffer.from('LkO1'), Buffer.alloc(40), second],
      first.subarray(0, -1),
    ]);
    const found = Array.from(findRecords(file));
    assert.deepEqual(
      found.map(({ key }) => key),
      [1, 2],
    );
    assert.deepEqual(
      found.map(({ bytes }) => bytes),
      [first, second],
    );
  });

  it('have names that sort as the keys do', () => {
    const keys = [0, 1, 9, 10, 255, 256, 2 ** 32, 2 ** 48 - 1];
    const names = keys.map(nameOf);
    assert.deepEqual([...names].sort(), names);
    assert.deepEqual(names.map(keyOf), keys);
    assert.deepEqual(['', 'x', '00000000000G', '0000000000000'].map(keyOf), [
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('decodeBody()', () => {
  it('refuses JSON that is not of an entry', () => {
    const texts = [
      '',
      '{',
      'null',
      '[]',
      '{"id":"a","seq":1,"label":"x"}',
      '{"id":"a","seq":1.5,"label":"x","payload":{}}',
    ];
    for (const text of texts) assert.equal(decodeBody(Buffer.from(text), ENTRY), null, text);
  });
});
