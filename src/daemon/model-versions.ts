import { createHash } from 'node:crypto';
import type { DetectorModel } from '../domain/detector-model.js';
import { messageOf } from '../errors.js';
import { KeptList } from '../files/kept-list.js';
import type { Log } from '../log.js';

/** The model that was active last, and its version. */
interface Entry {
  /** Of file and labels. */
  readonly sha256: string;
  readonly version: number;
}

const MAX_BYTES = 4_096;

/**
 * Numbers the models that become active: one more with each change of the model or its labels, over
 * restarts too. Disposal waits until the last number is on disk.
 */
export class ModelVersions implements AsyncDisposable {
  readonly #list: KeptList<Entry>;
  readonly #log: Log;
  #last: Entry | null;
  #writing: Promise<void> = Promise.resolve();

  private constructor(list: KeptList<Entry>, last: Entry | null, log: Log) {
    this.#list = list;
    this.#last = last;
    this.#log = log;
  }

  /** Reads what was the last one; where that cannot be read, counting begins at 1. */
  static async open(file: string, log: Log): Promise<ModelVersions> {
    const list = new KeptList({ file, format: 1, isEntry, maxBytes: MAX_BYTES });
    try {
      const [last = null] = await list.read();
      return new ModelVersions(list, last, log);
    } catch (error) {
      log.warn(`Cannot read the version of the last model: ${messageOf(error)}`, { file });
      return new ModelVersions(list, null, log);
    }
  }

  /** The version of the model that is active now, from 1 on. */
  of({ sha256: file, labels }: Pick<DetectorModel, 'sha256' | 'labels'>): number {
    const sha256 = createHash('sha256')
      .update(JSON.stringify([file, labels]))
      .digest('hex');
    if (this.#last?.sha256 === sha256) return this.#last.version;
    const entry = { sha256, version: (this.#last?.version ?? 0) + 1 };
    this.#last = entry;
    this.#writing = this.#writing.then(() => this.#write(entry));
    return entry.version;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }

  async #write(entry: Entry): Promise<void> {
    try {
      await this.#list.write([entry]);
    } catch (error) {
      this.#log.warn(messageOf(error));
    }
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { sha256, version } = value as Partial<Record<keyof Entry, unknown>>;
  return typeof sha256 === 'string' && Number.isSafeInteger(version) && Number(version) >= 1;
}
