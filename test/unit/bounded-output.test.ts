import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { BoundedOutput } from '../../src/log/bounded-output.js';

/** A stream that takes nothing until it is opened. */
class Gate extends Writable {
  readonly taken: string[] = [];
  #waiting: (() => void) | undefined;
  #isOpen = false;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.taken.push(chunk.toString());
    if (this.#isOpen) done();
    else this.#waiting = done;
  }

  open(): void {
    this.#isOpen = true;
    this.#waiting?.();
  }
}

describe('BoundedOutput', () => {
  it('drops lines for a blocked stream, and tells how many when it takes lines again', async () => {
    const gate = new Gate();
    const output = new BoundedOutput(gate, (dropped) => `${dropped} dropped`);
    const line = `${'x'.repeat(1023)}\n`;
    for (let i = 0; i < 1000; i += 1) output.write(line);
    assert.ok(gate.writableLength <= 258 * 1024, `${gate.writableLength} bytes wait`);
    assert.equal(output.writableLength, 0);
    const drained = new Promise((resolve) => gate.once('drain', resolve));
    gate.open();
    await drained;
    const passed = gate.taken.length;
    output.write('last\n');
    assert.deepEqual(gate.taken.slice(-2), [`${1000 - passed} dropped\n`, 'last\n']);
    output.write('really last\n');
    assert.equal(gate.taken.at(-1), 'really last\n');
  });

  it('drops lines for a closed stream', () => {
    const gate = new Gate();
    gate.destroy();
    const output = new BoundedOutput(gate, String);
    assert.equal(output.write('x\n'), true);
    assert.deepEqual(gate.taken, []);
  });
});
