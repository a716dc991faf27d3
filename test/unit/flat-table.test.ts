import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FlatTable } from '../../src/models/flat-table.js';

/**
 * A buffer whose root table has one field, by hand: the root's offset, a table of two fields' size
 * with its vtable in front, then whatever `tail` holds. The field's value stands at byte 16.
 */
function bufferWith(field: number, tail: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(20 + tail.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 12, true); // the root table
  view.setUint16(4, 6, true); // the vtable's size: one field
  view.setUint16(6, 8, true); // the table's size
  view.setUint16(8, 4, true); // where in the table the field is
  view.setInt32(12, 8, true); // back to the vtable at 4
  view.setUint32(16, field, true);
  tail.forEach((value, i) => {
    view.setUint32(20 + i * 4, value, true);
  });
  return bytes;
}

describe('FlatTable', () => {
  it('reads scalars, and the default of a field that is absent', () => {
    const table = FlatTable.root(bufferWith(0xfffffffe));
    assert.equal(table.uint32(0), 0xfffffffe);
    assert.equal(table.int32(0), -2);
    assert.equal(table.int8(0), -2);
    assert.equal(table.uint8(0), 254);
    assert.equal(table.uint32(1, 77), 77);
    assert.equal(table.uint32(60_000, 77), 77);
  });

  it('tells which fields there are and where what they refer to stands', () => {
    const table = FlatTable.root(bufferWith(4, [1, 7, 1]));
    assert.equal(table.position, 12);
    assert.equal(table.fieldCount, 1);
    assert.deepEqual([table.has(0), table.has(1)], [true, false]);
    assert.deepEqual([table.target(0), table.target(1)], [20, null]);
    assert.equal(table.int64(0), 2n ** 32n + 4n);
    assert.equal(table.int64(1, 5n), 5n);
  });

  it('reads vectors and texts', () => {
    assert.deepEqual(FlatTable.root(bufferWith(4, [2, 5, 0xffffffff])).int32s(0), [5, -1]);
    assert.deepEqual(FlatTable.root(bufferWith(4, [1, 0x3f800000])).float32s(0), [1]);
    assert.deepEqual(FlatTable.root(bufferWith(4, [1, 7, 1])).int64s(0), [2 ** 32 + 7]);
    assert.equal(FlatTable.root(bufferWith(4, [2, 0x6948])).text(0), 'Hi');
    assert.deepEqual(FlatTable.root(bufferWith(4, [0])).bytes(0), new Uint8Array(0));
  });

  it('gives nothing for vectors, texts and tables that are absent', () => {
    const table = FlatTable.root(bufferWith(0));
    assert.deepEqual(table.int32s(5), []);
    assert.deepEqual(table.tables(5), []);
    assert.equal(table.text(5), '');
    assert.equal(table.table(5), null);
  });

  it('refuses a vector that is longer than the file before it allocates anything', () => {
    const table = FlatTable.root(bufferWith(4, [0xffffffff, 1, 2]));
    assert.throws(() => table.int32s(0), /vector of 4294967295 elements leaves the file/);
    assert.throws(() => table.bytes(0), RangeError);
    assert.throws(() => table.tables(0), RangeError);
  });

  it('refuses offsets out of the file', () => {
    assert.throws(() => FlatTable.root(new Uint8Array(3)), RangeError);
    assert.throws(() => FlatTable.root(Uint8Array.of(0xff, 0xff, 0xff, 0xff)), RangeError);
    const table = FlatTable.root(bufferWith(0x7fffffff));
    assert.throws(() => table.bytes(0), RangeError);
    assert.throws(() => table.table(0), RangeError);
    const before = bufferWith(0);
    new DataView(before.buffer).setInt32(12, 1_000, true); // a vtable in front of the file
    assert.throws(() => FlatTable.root(before), RangeError);
  });

  it('refuses to read the same vector over and over', () => {
    const length = 100_000;
    const table = FlatTable.root(bufferWith(4, [length, ...Array<number>(length).fill(0)]));
    assert.throws(() => {
      for (let i = 0; i < 1_000; i++) table.int32s(0);
    }, /larger than any model has/);
  });

  it('reads within a larger buffer as it does alone', () => {
    const alone = bufferWith(4, [2, 5, 6]);
    const larger = new Uint8Array(alone.length + 24).fill(0xee);
    larger.set(alone, 12);
    const table = FlatTable.root(larger.subarray(12, 12 + alone.length));
    assert.deepEqual(table.int32s(0), [5, 6]);
    assert.deepEqual([...table.bytes(0)], [5, 0]);
  });
});
