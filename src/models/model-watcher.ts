import { stat } from 'node:fs/promises';
import { delay } from '../async/abort.js';

const INTERVAL_MS = 1_000;

/**
 * Calls `onChange` when one of the files (asked for anew at each look) becomes another one: written, replaced by a rename, or
 * reached through a link that now leads elsewhere. Waits until a writer has finished: two looks in
 * a row must show the same. A file that is away is no change until it is back.
 *
 * It looks once a second instead of asking the kernel: that sees renames, links and network file
 * systems alike, and costs one system call. Ends when `signal` is aborted.
 */
export async function watchFiles(
  files: () => readonly string[],
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  let known = await fingerprint(files());
  let last = known;
  while (await delay(INTERVAL_MS, signal)) {
    const now = await fingerprint(files());
    const isSettled = now === last && now !== null;
    last = now;
    if (isSettled && now !== known) {
      known = now;
      onChange();
    }
  }
}

/** What tells a file from its successor; null while one of them is away. */
async function fingerprint(files: readonly string[]): Promise<string | null> {
  try {
    const stats = await Promise.all(files.map((file) => stat(file, { bigint: true })));
    return stats.map(({ ino, dev, size, mtimeNs }) => [dev, ino, size, mtimeNs].join()).join(';');
  } catch {
    return null;
  }
}
