import { messageOf } from '../errors.js';
import { KeptList } from '../files/kept-list.js';
import type { Log } from '../log.js';

const FORMAT = 1;
/** Room for every topic that a node can have. */
const MAX_FILE_BYTES = 4 << 20;
/** At the start and at a change of model topics come in numbers: one write is enough for them. */
const SETTLE_MS = 1_000;

/**
 * Which retained topics this node has left at its broker, kept in a file: what a later run no
 * longer has, because the configuration or the model is another, it can clear. Without the file
 * all works, but for that; what is wrong with it is said once.
 */
export class RetainedManifest implements AsyncDisposable {
  readonly #kept: KeptList<string>;
  readonly #log: Log;
  #written: readonly string[] = [];
  #noted: readonly string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #hasComplained = false;

  constructor(file: string, log: Log) {
    this.#kept = new KeptList({ file, format: FORMAT, isEntry: isText, maxBytes: MAX_FILE_BYTES });
    this.#log = log;
  }

  /** The topics that were noted last; none when nothing can be read. */
  async read(): Promise<readonly string[]> {
    try {
      this.#written = await this.#kept.read();
    } catch (error) {
      this.#complain('Cannot use the list of retained topics; it is begun anew', error);
    }
    return this.#written;
  }

  /** Notes all topics that are retained from now on; written soon, and only where they differ. */
  note(topics: readonly string[]): void {
    this.#noted = [...topics].sort();
    this.#timer ??= setTimeout(() => this.#write(), SETTLE_MS).unref();
  }

  /** Writes what is noted. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) this.#write();
    await this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    const topics = this.#noted;
    if (topics.join('\n') === this.#written.join('\n')) return;
    this.#written = topics;
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#kept.write(topics);
      } catch (error) {
        this.#complain('Cannot keep the list of retained topics', error);
      }
    });
  }

  #complain(what: string, error: unknown): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#log.warn(what, { file: this.#kept.file, error: messageOf(error) });
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
