import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { eventually } from '../helpers/eventually.js';
import { outboxFolder } from '../helpers/outbox-entries.js';
import { tempFolder } from '../helpers/temp-folder.js';

const KILLS = Number(process.env.LOOKOUT_TEST_KILLS ?? 50);
const PROGRAM = fileURLToPath(new URL('../helpers/outbox-process.js', import.meta.url));

/** What a process has said until it was killed; a last line that is cut short does not count. */
async function killedAfter(ms: number, folder: string, first: number): Promise<string[]> {
  const child = spawn(process.execPath, [PROGRAM, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = outputOf(child);
  await eventually('the process has begun', () => output().length > 0 || child.exitCode !== null);
  await sleep(ms);
  child.kill('SIGKILL');
  await once(child, 'close');
  return output().slice(0, output().lastIndexOf('\n')).split('\n');
}

function outputOf(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

function numbersAfter(word: string, lines: readonly string[]): number[] {
  return lines
    .filter((line) => line.startsWith(`${word} `))
    .flatMap((line) => line.slice(word.length + 1).split(','))
    .filter(Boolean)
    .map(Number);
}

describe('Outbox in a process that is killed', () => {
  it(`loses nothing that it said to be on disk, ${KILLS} times`, async (t) => {
    const folder = outboxFolder(tempFolder());
    const mustBeThere = new Set<number>();
    let total = 0;
    for (let kill = 0; kill <= KILLS; kill++) {
      const lines = await killedAfter(Math.random() * 150, folder, kill * 1_000_000);
      const found = numbersAfter('found', lines);
      const odd = lines.filter((line) => !/^(found|kept|sent) [\d,]*$/.test(line));
      assert.deepEqual(odd, [], `kill ${kill}: it had something to say`);
      assert.deepEqual(
        found,
        [...new Set(found)].sort((a, b) => a - b),
        `kill ${kill}: the order`,
      );
      const missing = [...mustBeThere].filter((seq) => !found.includes(seq));
      assert.deepEqual(missing, [], `kill ${kill}: events are missing`);

      for (const seq of found) mustBeThere.add(seq);
      const kept = numbersAfter('kept', lines);
      for (const seq of kept) mustBeThere.add(seq);
      for (const seq of numbersAfter('sent', lines)) mustBeThere.delete(seq);
      total += kept.length;
    }
    assert.ok(total > KILLS * 10, `only ${total} events were kept`);
    t.diagnostic(`${total} events kept`);
    const besides = readdirSync(dirname(folder)).filter((name) => name.includes('damaged'));
    assert.deepEqual(besides, []);
  });
});
