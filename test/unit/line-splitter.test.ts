import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineSplitter } from '../../src/camera/line-splitter.js';

function linesOf(...texts: string[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const text of texts) splitter.push(text);
  splitter.end();
  return lines;
}

describe('LineSplitter', () => {
  it('joins what was cut, and leaves out blank lines', () => {
    assert.deepEqual(linesOf('ERROR: *** no cam', 'eras ***\n\n \nbye\r', 'last'), [
      'ERROR: *** no cameras ***',
      'bye',
      'last',
    ]);
  });

  it('cuts off a line that does not end', () => {
    const lines = linesOf(...Array.from({ length: 1000 }, () => 'x'.repeat(1000)));
    assert.deepEqual(lines, ['x'.repeat(500)]);
  });
});
