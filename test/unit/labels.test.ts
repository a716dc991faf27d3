import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseLabels } from '../../src/models/labels.js';

/** Lines `label-0` to `label-(count - 1)`. */
function plainLines(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `label-${i}`);
}

describe('parseLabels of one label a line', () => {
  it('numbers the lines from 0', () => {
    assert.deepEqual(parseLabels('apple\npear\nred plum\n', 3), ['apple', 'pear', 'red plum']);
  });

  it('takes a file that does not end its last line', () => {
    assert.deepEqual(parseLabels('apple\npear', 2), ['apple', 'pear']);
  });

  it('leaves out a ??? header above the classes', () => {
    assert.deepEqual(parseLabels('???\napple\npear\n', 2), ['apple', 'pear']);
  });

  it('leaves out "unlabeled" in a file of 91 lines for 90 classes', () => {
    const labels = parseLabels(['unlabeled', ...plainLines(90)].join('\n'), 90);
    assert.equal(labels.length, 90);
    assert.equal(labels[0], 'label-0');
    assert.equal(labels[89], 'label-89');
  });

  it('keeps a background line that the model counts as a class', () => {
    assert.deepEqual(parseLabels('background\napple\n', 2), ['background', 'apple']);
  });

  it('leaves out a background header when the model does not say how many classes it has', () => {
    assert.deepEqual(parseLabels('background\napple\n', null), ['apple']);
  });

  it('keeps a background line at the end, where it moves nothing', () => {
    assert.deepEqual(parseLabels('apple\nbackground\n', 1), ['apple', 'background']);
  });

  it('keeps places of ???, n/a, - and empty lines as gaps', () => {
    const text = 'apple\n???\nn/a\n-\n\npear\n';
    assert.deepEqual(parseLabels(text, 6), ['apple', null, null, null, null, 'pear']);
  });

  it('keeps an extra line behind the classes', () => {
    assert.deepEqual(parseLabels('apple\npear\nextra\n', 2), ['apple', 'pear', 'extra']);
  });

  it('reads CRLF, a byte order mark and trailing blank lines', () => {
    assert.deepEqual(parseLabels('\uFEFFapple\r\npear\r\n\r\n  \r\n', 2), ['apple', 'pear']);
  });

  it("unwraps Python's byte strings", () => {
    assert.deepEqual(parseLabels('background\nb\'QR_Code\'\nb"bar code"\n', 2), [
      'QR_Code',
      'bar code',
    ]);
  });

  it('takes labels that begin with a digit or hold commas as they are', () => {
    assert.deepEqual(parseLabels('3d printer\ntench, Tinca tinca\n', 2), [
      '3d printer',
      'tench, Tinca tinca',
    ]);
  });

  it('gives nothing for an empty file', () => {
    assert.deepEqual(parseLabels('', 3), []);
    assert.deepEqual(parseLabels('\uFEFF\r\n\r\n', 3), []);
  });

  it('reads no more than 10,000 lines', () => {
    assert.equal(parseLabels(plainLines(20_000).join('\n'), null).length, 10_000);
  });
});

describe('parseLabels of numbered lines', () => {
  it('goes by the number and leaves gaps where numbers are missing', () => {
    assert.deepEqual(parseLabels('0  apple\n1  pear\n4  red plum\n', 5), [
      'apple',
      'pear',
      null,
      null,
      'red plum',
    ]);
  });

  it('takes colons and commas behind the number', () => {
    assert.deepEqual(parseLabels('0: apple\n1, pear\n', 2), ['apple', 'pear']);
  });

  it('counts from 1 when the highest number is the number of classes', () => {
    assert.deepEqual(parseLabels('1 apple\n2 pear\n4 plum\n', 4), ['apple', 'pear', null, 'plum']);
    assert.deepEqual(parseLabels('1 apple\n2 pear\n', null), ['apple', 'pear']);
  });

  it('counts from 0 when class 0 is merely missing', () => {
    assert.deepEqual(parseLabels('1 pear\n2 plum\n', 3), [null, 'pear', 'plum']);
  });

  it('leaves out a background with the number 0 when there is one number too many', () => {
    assert.deepEqual(parseLabels('0 background\n1 apple\n2 pear\n', 2), ['apple', 'pear']);
    assert.deepEqual(parseLabels('0 ???\n1 apple\n2 pear\n', null), ['apple', 'pear']);
  });

  it('keeps a background with the number 0 that the model counts as a class', () => {
    assert.deepEqual(parseLabels('0 background\n1 apple\n', 2), ['background', 'apple']);
  });

  it('does not move an extra class behind the last', () => {
    assert.deepEqual(parseLabels('0 apple\n1 pear\n2 extra\n', 2), ['apple', 'pear', 'extra']);
  });

  it('ignores numbers that no model has and files of any length', () => {
    assert.deepEqual(parseLabels('0 apple\n999999 far\n', 2), ['apple']);
    const lines = Array.from({ length: 200_000 }, (_, i) => `${i} x${i}`);
    assert.equal(parseLabels(lines.join('\n'), null).length, 10_000);
  });
});

describe('parseLabels of items', () => {
  const apple = "item {\n  id: 1\n  name: 'apple'\n}\n";

  it('counts from 1 as the format does, in any order and with gaps', () => {
    const text = `item {\n  name: "plum"\n  id: 4\n}\n${apple}item { id: 2 name: "pear" }\n`;
    assert.deepEqual(parseLabels(text, 4), ['apple', 'pear', null, 'plum']);
  });

  it('prefers the display name', () => {
    const text = 'item { name: "/m/01g317" id: 1 display_name: "person" }';
    assert.deepEqual(parseLabels(text, 1), ['person']);
  });

  it('keeps an apostrophe in a name', () => {
    assert.deepEqual(parseLabels('item { id: 1 name: "men\'s shoe" }', 1), ["men's shoe"]);
  });

  it('does not count from 1 twice when the first class is missing', () => {
    assert.deepEqual(parseLabels('item { id: 2 name: "pear" } item { id: 3 name: "plum" }', 2), [
      null,
      'pear',
      'plum',
    ]);
  });

  it('leaves out the background item 0', () => {
    assert.deepEqual(parseLabels(`item { id: 0 name: "background" }\n${apple}`, 1), ['apple']);
  });

  it('is not slowed down by items that never end', () => {
    const begin = performance.now();
    assert.deepEqual(parseLabels('item {'.repeat(170_000), 90), []);
    assert.ok(performance.now() - begin < 5_000);
  });
});
