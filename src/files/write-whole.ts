import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../errors.js';

/** No write takes so long: what is older was left by a process that was killed. */
const ABANDONED_MS = 3_600_000;

/**
 * Makes the folder of `file`, sees whether it can be written to, and removes what was left there
 * half written.
 * @throws Error when not.
 */
export async function prepareFolder(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
    await removeAbandoned(file);
  } catch (cause) {
    throw new Error(`Cannot write "${file}": ${messageOf(cause)}`, { cause });
  }
}

/**
 * Puts a file in place so that there is never a part of it to be seen, after a power cut neither.
 * Two that do so at once do not disturb each other.
 * @throws Error when it cannot be written; then what was there is there still.
 */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    await using handle = await open(unfinished, 'wx', 0o644);
    await handle.writeFile(bytes);
    // Else the new name can reach the disk before the content does.
    await handle.sync();
    // Node.js 20.9 writes by io_uring and takes what a full disk has cut short for a success.
    const { size } = await handle.stat();
    if (size !== bytes.byteLength) throw new Error(`the disk is full after ${size} bytes`);
    await rename(unfinished, file);
    await using folder = await open(dirname(file));
    await folder.sync();
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new Error(`Cannot write "${file}": ${messageOf(cause)}`, { cause });
  }
}

async function removeAbandoned(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`)) continue;
    const unfinished = join(dirname(file), name);
    const { mtimeMs } = await stat(unfinished);
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(unfinished, { force: true });
  }
}
