import assert from 'node:assert/strict';
import { appendFile, copyFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { filesState, watchFiles } from '../../src/models/model-watcher.js';
import { eventually } from '../helpers/eventually.js';
import { tempFolder } from '../helpers/temp-folder.js';

/** Two looks and what a slow machine adds. */
const SETTLED_MS = 2_500;
const folder = tempFolder();

interface Watch {
  changes: number;
  stop(): Promise<void>;
}

/** Watches files of the folder; the first look has been taken when it resolves. */
async function watch(...names: string[]): Promise<Watch> {
  const controller = new AbortController();
  const watching: Watch = {
    changes: 0,
    async stop() {
      controller.abort();
      await ended;
    },
  };
  const files = (): readonly string[] => names.map(inFolder);
  const onChange = (): void => {
    watching.changes += 1;
  };
  const ended = watchFiles(
    { files, known: await filesState(files()), onChange },
    controller.signal,
  );
  await sleep(400);
  return watching;
}

function inFolder(name: string): string {
  return join(folder, name);
}

/** The watch has told of exactly `count` changes, and tells of no more. */
async function assertChanges(watching: Watch, count: number): Promise<void> {
  await eventually(`${count} changes`, () => watching.changes >= count);
  await sleep(SETTLED_MS);
  assert.equal(watching.changes, count);
}

describe('watchFiles', { concurrency: true }, () => {
  it('tells of a file that another was renamed over', async () => {
    await writeFile(inFolder('a'), 'old');
    await writeFile(inFolder('a.new'), 'new');
    const watching = await watch('a');
    await rename(inFolder('a.new'), inFolder('a'));
    await assertChanges(watching, 1);
    await watching.stop();
  });

  it('tells of a file that was written again, once the writer has finished', async (t) => {
    await writeFile(inFolder('slow'), 'start');
    const watching = await watch('slow');
    let longestPauseMs = 0;
    for (let i = 0; i < 30; i++) {
      const begin = performance.now();
      await appendFile(inFolder('slow'), 'more');
      await sleep(100);
      longestPauseMs = Math.max(longestPauseMs, performance.now() - begin);
    }
    // A machine that holds the writer up for a second makes it look as if it had finished.
    if (longestPauseMs < 800) assert.equal(watching.changes, 0);
    else t.diagnostic(`the writer was held up for ${longestPauseMs} ms`);
    await eventually('a change', () => watching.changes > 0);
    await watching.stop();
  });

  it('tells of a link that leads to another file', async () => {
    await writeFile(inFolder('one'), 'same');
    await copyFile(inFolder('one'), inFolder('two'));
    await utimes(inFolder('one'), 1, 1);
    await utimes(inFolder('two'), 1, 1);
    await symlink('one', inFolder('link'));
    const watching = await watch('link');
    await symlink('two', inFolder('link.new'));
    await rename(inFolder('link.new'), inFolder('link'));
    await assertChanges(watching, 1);
    await watching.stop();
  });

  it('says nothing of a file that goes away and comes back as it was', async () => {
    await writeFile(inFolder('b'), 'old');
    const watching = await watch('b');
    await rename(inFolder('b'), inFolder('b.away'));
    await sleep(SETTLED_MS);
    await rename(inFolder('b.away'), inFolder('b'));
    await sleep(SETTLED_MS);
    assert.equal(watching.changes, 0);
    await watching.stop();
  });

  it('tells of a file that goes away and comes back as another', async () => {
    await writeFile(inFolder('c'), 'old');
    const watching = await watch('c');
    await rm(inFolder('c'));
    await sleep(SETTLED_MS);
    assert.equal(watching.changes, 0);
    await writeFile(inFolder('c'), 'another');
    await assertChanges(watching, 1);
    await watching.stop();
  });

  it('tells of a file that was not there at first', async () => {
    const watching = await watch('late');
    await writeFile(inFolder('late'), 'now');
    await assertChanges(watching, 1);
    await watching.stop();
  });

  it('watches several files, and tells of each change', async () => {
    await writeFile(inFolder('model'), 'x');
    await writeFile(inFolder('labels'), 'x');
    const watching = await watch('model', 'labels');
    await writeFile(inFolder('labels'), 'longer');
    await assertChanges(watching, 1);
    await writeFile(inFolder('model'), 'longer');
    await assertChanges(watching, 2);
    await watching.stop();
  });

  it('tells of nothing after it was stopped', async () => {
    await writeFile(inFolder('d'), 'old');
    const watching = await watch('d');
    await watching.stop();
    await writeFile(inFolder('d'), 'another');
    await sleep(SETTLED_MS);
    assert.equal(watching.changes, 0);
  });
});
