import { stat } from 'node:fs/promises';
import { delay } from '../async/abort.js';

const INTERVAL_MS = 1_000;

/** What tells files from their successors; null while one of them is away. */
export type FilesState = string | null;

export interface FileWatch {
  /** Asked for anew at each look. */
  readonly files: () => readonly string[];
  /** State before the files were read, so that no change falls between reading and watching. */
  readonly known: FilesState;
  readonly onChange: () => void;
}

/**
 * Calls `onChange` when one of the files becomes another one: written, replaced by a rename, or
 * reached through a link that now leads elsewhere. Waits until a writer has finished: two looks in
 * a row must show the same. A file that is away is no change until it is back.
 *
 * It looks once a second instead of asking the kernel: that sees renames, links and network file
 * systems alike, and costs one system call. Ends when `signal` is aborted.
 */
export async function watchFiles(watch: FileWatch, signal: AbortSignal): Promise<void> {
  let { known } = watch;
  let last = known;
  while (await delay(INTERVAL_MS, signal)) {
    const now = await filesState(watch.files());
    const isSettled = now === last && now !== null;
    last = now;
    if (isSettled && now !== known) {
      known = now;
      watch.onChange();
    }
  }
}

/** The state of the files now. */
export async function filesState(files: readonly string[]): Promise<FilesState> {
  try {
    const stats = await Promise.all(files.map((file) => stat(file, { bigint: true })));
    return stats.map(({ ino, dev, size, mtimeNs }) => [dev, ino, size, mtimeNs].join()).join(';');
  } catch {
    return null;
  }
}
