import { messageOf } from '../errors.js';
import { KeptList } from '../files/kept-list.js';
import type { Log } from '../log.js';
import type { Announced } from './announced.js';

const FORMAT = 1;
/** Room for many times the entities that a node can have. */
const MAX_FILE_BYTES = 4 << 20;

/**
 * What Home Assistant was told, in a file that outlives the process: only so can be taken back what
 * the next configuration does not have any more. Without the file all works, but for that; what is
 * wrong with it is said once.
 */
export class KeptAnnouncement implements AsyncDisposable {
  readonly #kept: KeptList<Announced>;
  readonly #log: Log;
  #writing: Promise<void> = Promise.resolve();
  #hasComplained = false;

  constructor(file: string, log: Log) {
    const maxBytes = MAX_FILE_BYTES;
    this.#kept = new KeptList({ file, format: FORMAT, isEntry: isAnnounced, maxBytes });
    this.#log = log;
  }

  /** What was kept last; null when there is nothing, or it cannot be read. */
  async read(): Promise<Announced | null> {
    try {
      return (await this.#kept.read())[0] ?? null;
    } catch (error) {
      this.#complain(
        'Cannot use the list of what Home Assistant was told; it is begun anew',
        error,
      );
      return null;
    }
  }

  /** Keeps this from now on; null: nothing. */
  keep(announced: Announced | null): void {
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#kept.write(announced === null ? [] : [announced]);
      } catch (error) {
        this.#complain('Cannot keep the list of what Home Assistant was told', error);
      }
    });
  }

  /** Waits for what is being written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }

  #complain(what: string, error: unknown): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#log.warn(what, { file: this.#kept.file, error: messageOf(error) });
  }
}

/** Whether it has the form; the file is our own, so its words are believed. */
function isAnnounced(value: unknown): value is Announced {
  if (typeof value !== 'object' || value === null) return false;
  const { prefix, mode, devices, retired } = value as Record<string, unknown>;
  return (
    typeof prefix === 'string' &&
    (mode === 'device' || mode === 'component') &&
    Array.isArray(devices) &&
    devices.every((device) => hasText(device, 'id') && hasTable(device, 'components')) &&
    Array.isArray(retired) &&
    retired.every((part) => hasText(part, 'deviceId') && hasText(part, 'platform'))
  );
}

function hasText(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, key) === 'string';
}

function hasTable(value: unknown, key: string): boolean {
  const table: unknown = typeof value === 'object' && value !== null && Reflect.get(value, key);
  return typeof table === 'object' && table !== null;
}
