import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How much has been written to the files of a folder that only grow, one way or another: the
 * largest size each was seen with. A file that came and went between two looks is missed.
 */
export class FolderGrowth {
  readonly #folder: string;
  #sizes = new Map<string, number>();
  #bytesOfGone = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get bytesWritten(): number {
    let bytes = this.#bytesOfGone;
    for (const size of this.#sizes.values()) bytes += size;
    return bytes;
  }

  /** Counts what is there now as not written by us. */
  async begin(): Promise<void> {
    this.#sizes = await this.#look();
    this.#bytesOfGone = -this.bytesWritten;
  }

  /** Looks again, and sees to it that the names of new files are on the disk too. */
  async update(): Promise<void> {
    const sizes = await this.#look();
    let hasNew = false;
    for (const [name, size] of this.#sizes) {
      if (!sizes.has(name)) this.#bytesOfGone += size;
      else sizes.set(name, Math.max(size, sizes.get(name) ?? 0));
    }
    for (const name of sizes.keys()) hasNew ||= !this.#sizes.has(name);
    this.#sizes = sizes;
    if (hasNew) await syncFolder(this.#folder);
  }

  async #look(): Promise<Map<string, number>> {
    const sizes = new Map<string, number>();
    for (const name of await readdir(this.#folder)) {
      // LevelDB removes files whenever it likes.
      const facts = await stat(join(this.#folder, name)).catch(() => null);
      if (facts?.isFile()) sizes.set(name, facts.size);
    }
    return sizes;
  }
}

/** Brings the names in a folder to the disk: syncing a file leaves its name to chance. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder);
  await handle.sync();
}
