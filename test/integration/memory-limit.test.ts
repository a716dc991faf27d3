import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { limitMemory } from '../../src/tuning/memory-limit.js';

const run = promisify(execFile);
const MODULE = new URL('../../src/tuning/memory-limit.js', import.meta.url).href;

/** What a process of its own says that runs this code after `limitMemory`, for it cannot go back. */
async function limited(megabytes: number, code: string): Promise<string> {
  const program = `
    import { limitMemory } from '${MODULE}';
    const take = (megabytes) => {
      try {
        new Uint8Array(megabytes * 2 ** 20).fill(1);
        return 'taken';
      } catch (thrown) {
        return thrown.name;
      }
    };
    limitMemory(${megabytes} * 2 ** 20);
    console.log(${code});`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  return stdout.trim();
}

describe('limitMemory', () => {
  it('refuses what goes beyond the limit, and only that', async () => {
    assert.equal(await limited(256, 'take(128), take(512)'), 'taken RangeError');
  });

  it('is never undone', async () => {
    assert.equal(await limited(256, 'limitMemory(2 ** 31) ?? take(512)'), 'RangeError');
  });

  it('refuses to allow nothing', () => {
    assert.throws(() => limitMemory(0), /takes bytes, at least 1/);
    assert.throws(() => limitMemory(Number.NaN), /takes bytes, at least 1/);
  });
});
