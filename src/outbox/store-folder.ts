import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findRecords } from './event-record.js';
import type { EventStore } from './event-store.js';
import { isSafeTable, readLog } from './level-files.js';

/** Damaged stores kept for whoever wants to know. */
const MAX_SET_ASIDE = 2;
/** No file of ours grows to this. */
const MAX_FILE_BYTES = 64 << 20;
const RECOVERED_AT_ONCE = 64;

const DATA_FILE = /^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb|sst))$/;
const TABLE_FILE = /^\d+\.(ldb|sst)$/;
const LOG_FILE = /^\d+\.log$/;

/** What stands in a folder: no store, one that can be opened, or one that must not be. */
export type FolderState = 'empty' | 'sound' | 'damaged';

/**
 * Whether there are files of a store in a folder.
 * @throws Error when that cannot be seen.
 */
export async function hasStore(folder: string): Promise<boolean> {
  await finishRecovery(folder);
  return (await namesIn(folder)).some((name) => DATA_FILE.test(name));
}

/**
 * Looks at the files of a store.
 * @throws Error when they cannot be read.
 */
export async function inspectFolder(folder: string): Promise<FolderState> {
  await finishRecovery(folder);
  const names = (await namesIn(folder)).filter((name) => DATA_FILE.test(name));
  if (names.length === 0) return 'empty';
  if (!names.includes('CURRENT')) {
    // LevelDB would begin a new store and delete what there is; without events it may.
    return names.some((name) => mayHoldEvents(name)) ? 'damaged' : 'empty';
  }
  for (const name of names) {
    if (!(await isSound(folder, name))) {
      // Or it is being written right now.
      return (await isLocked(folder)) ? 'sound' : 'damaged';
    }
  }
  return 'sound';
}

async function isSound(folder: string, name: string): Promise<boolean> {
  if (!mayHoldEvents(name)) return true;
  const bytes = await contentOf(join(folder, name));
  if (bytes === null) return false;
  return TABLE_FILE.test(name) ? isSafeTable(bytes) : !readLog(bytes).isDamaged;
}

/**
 * Moves a damaged store to a folder beside it, after all events that can still be read have been
 * put into a new one in its place. Those that were delivered already may be among them. A process
 * that is killed meanwhile leaves the damaged one where it is.
 * @returns where the damaged one is now.
 * @throws StoreError or Error when it cannot be done now.
 */
export async function recoverFolder(
  folder: string,
  openStore: (folder: string) => Promise<EventStore>,
): Promise<string> {
  const recovered = `${folder}.recovered`;
  await removeSetAside(folder, MAX_SET_ASIDE - 1);
  await rm(recovered, { recursive: true, force: true });
  const store = await openStore(recovered);
  try {
    for (const name of await namesIn(folder)) {
      if (!mayHoldEvents(name)) continue;
      const bytes = await contentOf(join(folder, name));
      if (bytes) await putRecords(LOG_FILE.test(name) ? readLog(bytes).bytes : bytes, store);
    }
  } finally {
    await store.close();
  }
  const aside = `${folder}.damaged-${new Date().toISOString().replace(/[^\dTZ]/g, '')}`;
  await rename(folder, aside);
  await rename(recovered, folder);
  return aside;
}

/**
 * Removes a store that is closed, and everything else in its folder.
 * @throws Error when it cannot be removed.
 */
export async function removeFolder(folder: string): Promise<void> {
  // At once: one of which only a part is left would look damaged.
  const unwanted = `${folder}.drained`;
  await rm(unwanted, { recursive: true, force: true });
  await rename(folder, unwanted);
  await rm(unwanted, { recursive: true, force: true });
}

/** Does the last step of a recovery, should the process have been killed right before it. */
async function finishRecovery(folder: string): Promise<void> {
  const names = await namesIn(dirname(folder));
  const isDue = names.includes(`${basename(folder)}.recovered`);
  if (isDue && !names.includes(basename(folder))) await rename(`${folder}.recovered`, folder);
}

function mayHoldEvents(name: string): boolean {
  return TABLE_FILE.test(name) || LOG_FILE.test(name);
}

async function putRecords(bytes: Buffer, store: EventStore): Promise<void> {
  let puts: { readonly key: number; readonly bytes: Uint8Array }[] = [];
  for (const record of findRecords(bytes)) {
    puts.push(record);
    if (puts.length < RECOVERED_AT_ONCE) continue;
    await store.write({ puts, deletes: [] });
    puts = [];
  }
  if (puts.length > 0) await store.write({ puts, deletes: [] });
}

async function removeSetAside(folder: string, keep: number): Promise<void> {
  const prefix = `${basename(folder)}.damaged-`;
  const names = (await namesIn(dirname(folder))).filter((name) => name.startsWith(prefix)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - keep))) {
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

async function contentOf(file: string): Promise<Buffer | null> {
  const facts = await stat(file);
  return facts.isFile() && facts.size <= MAX_FILE_BYTES ? readFile(file) : null;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Whether some process holds the store, by the system's list of file locks (proc_locks(5)). */
async function isLocked(folder: string): Promise<boolean> {
  try {
    const { ino } = await stat(join(folder, 'LOCK'));
    return (await readFile('/proc/locks', 'latin1')).includes(`:${ino} `);
  } catch {
    return false;
  }
}
