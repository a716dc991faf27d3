import { readFile } from 'node:fs/promises';
import { messageOf } from '../errors.js';
import { prepareFolder, writeWhole } from './write-whole.js';

export interface KeptListOptions<Entry> {
  readonly file: string;
  /** Raised when the entries change in kind: a file of another format is not read. */
  readonly format: number;
  readonly isEntry: (value: unknown) => value is Entry;
  /** More is not read, and not written. */
  readonly maxBytes: number;
}

/** A short list that outlives the process, as one JSON file. */
export class KeptList<Entry> {
  readonly #options: KeptListOptions<Entry>;

  constructor(options: KeptListOptions<Entry>) {
    this.#options = options;
  }

  get file(): string {
    return this.#options.file;
  }

  /**
   * The entries as they were written last; none when there is no file.
   * @throws Error with the reason when the file cannot be used.
   */
  async read(): Promise<readonly Entry[]> {
    const { file, format, isEntry, maxBytes } = this.#options;
    try {
      const text = await readFile(file, 'utf8');
      if (text.length > maxBytes) throw new Error(`it has ${text.length} characters`);
      const kept = JSON.parse(text) as { format?: unknown; entries?: unknown } | null;
      if (kept?.format !== format || !Array.isArray(kept.entries)) {
        throw new Error('it is of another format');
      }
      if (!kept.entries.every(isEntry)) throw new Error('an entry is not what was written');
      return kept.entries;
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
      throw new Error(messageOf(cause), { cause });
    }
  }

  /** @throws Error when it cannot be written; then what was kept is kept still. */
  async write(entries: readonly Entry[]): Promise<void> {
    const { file, format, maxBytes } = this.#options;
    const text = `${JSON.stringify({ format, entries }, null, 1)}\n`;
    if (text.length > maxBytes) {
      throw new Error(`Cannot write "${file}": ${text.length} characters, at most ${maxBytes}`);
    }
    await prepareFolder(file);
    await writeWhole(file, Buffer.from(text));
  }
}
