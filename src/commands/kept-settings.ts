import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { delay } from '../async/abort.js';
import { messageOf } from '../errors.js';
import { KeptList } from '../files/kept-list.js';
import type { Log } from '../log.js';

const FORMAT = 1;
/** One for each label and zone, and some more. */
const MAX_SETTINGS = 512;
const MAX_TOPIC_LENGTH = 200;
const MAX_VALUE_LENGTH = 255;
const MAX_FILE_BYTES = 1 << 20;
/** Between two writes: who turns a knob sends its values in numbers, and cards wear out. */
const SETTLE_MS = 1_000;
/** Before what the disk did not take is tried again. */
const RETRY_MS = 60_000;

/** A setting that was made by a command, and differs from the configuration. */
export interface KeptSetting {
  /** Of its commands, below the node, such as `cam/porch/set/detect`. */
  readonly topic: string;
  readonly value: string;
  /** What the configuration gave when the setting was made. Once it gives another, that holds. */
  readonly instead: string;
}

export interface KeptSettingsOptions {
  readonly file: string;
  /** Is called when `all` or `problem` is another. */
  readonly onChange: () => void;
}

/**
 * What was set by commands, in a file that outlives the process. The disk is written to only when a
 * setting changes, and no command waits for it. Without the file all works, but for that.
 */
export class KeptSettings implements AsyncDisposable {
  readonly #list: KeptList<KeptSetting>;
  readonly #options: KeptSettingsOptions;
  readonly #log: Log;
  readonly #settings = new Map<string, KeptSetting>();
  /** By topic, what each setting is by the configuration. */
  readonly #configured = new Map<string, string>();
  readonly #closing = new AbortController();
  #writing: Promise<void> | null = null;
  #isUnwritten = false;
  #problem: string | null = null;

  private constructor(options: KeptSettingsOptions, log: Log) {
    this.#list = keptList(options.file);
    this.#options = options;
    this.#log = log;
  }

  /** Reads what was kept; a file that cannot be used is set aside, which is a problem. */
  static async start(options: KeptSettingsOptions, log: Log): Promise<KeptSettings> {
    const kept = new KeptSettings(options, log);
    await kept.#read();
    return kept;
  }

  /** In the order in which they were made. */
  get all(): readonly KeptSetting[] {
    return [...this.#settings.values()];
  }

  /** Why settings are lost or will not last, in a sentence; null: they are not. */
  get problem(): string | null {
    return this.#problem;
  }

  /** What was set by a command; null where nothing was. */
  valueOf(topic: string): string | null {
    return this.#settings.get(topic)?.value ?? null;
  }

  /** What the configuration gives; null where there is no such setting, or not yet. */
  configuredOf(topic: string): string | null {
    return this.#configured.get(topic) ?? null;
  }

  /** Says what the configuration gives from now on; null: there is no such setting. */
  configure(topic: string, value: string | null): void {
    if (value === null) {
      this.#configured.delete(topic);
      this.forget(topic);
      return;
    }
    this.#configured.set(topic, value);
    const kept = this.#settings.get(topic);
    if (kept === undefined || kept.instead === value) return;
    this.#log.info('The configuration takes back a setting that was made by a command', { topic });
    this.forget(topic);
  }

  /** Keeps what was set; what is as configured, or has no configured value, is not kept. */
  keep(topic: string, value: string): void {
    const instead = this.#configured.get(topic);
    if (instead === undefined || instead === value) {
      this.forget(topic);
      return;
    }
    if (this.#settings.get(topic)?.value === value) return;
    if (!this.#settings.has(topic) && this.#settings.size >= MAX_SETTINGS) {
      this.#setProblem(`A setting will not last: ${MAX_SETTINGS} are kept already`);
      return;
    }
    this.#settings.set(topic, { topic, value, instead });
    this.#changed();
  }

  /** Keeps no value of this setting any more. */
  forget(topic: string): void {
    if (this.#settings.delete(topic)) this.#changed();
  }

  /** Writes what is not yet written. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#writing;
  }

  async #read(): Promise<void> {
    const { file } = this.#list;
    try {
      for (const kept of await this.#list.read()) this.#settings.set(kept.topic, kept);
    } catch (error) {
      const aside = join(dirname(file), `unusable-${basename(file)}`);
      const whereabouts = await rename(file, aside).then(
        () => `it is now "${aside}"`,
        (cause: unknown) => `it cannot be set aside: ${messageOf(cause)}`,
      );
      this.#setProblem(
        `Settings that were made by commands are lost: cannot use "${file}": ${messageOf(error)}; ${whereabouts}`,
      );
    }
  }

  #changed(): void {
    this.#isUnwritten = true;
    this.#options.onChange();
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    const { signal } = this.#closing;
    // Changes that are made in one go are one write.
    await null;
    while (this.#isUnwritten) {
      this.#isUnwritten = false;
      const problem = await this.#tryToWrite();
      this.#setProblem(problem);
      // At the end a disk that takes nothing is not asked again; what was set meanwhile is written.
      if (signal.aborted && (problem !== null || !this.#isUnwritten)) break;
      if (problem !== null) this.#isUnwritten = true;
      await delay(problem === null ? SETTLE_MS : RETRY_MS, signal);
    }
    this.#writing = null;
  }

  async #tryToWrite(): Promise<string | null> {
    try {
      await this.#list.write(this.all);
      return null;
    } catch (error) {
      return `Settings that were made by commands will not last: ${messageOf(error)}`;
    }
  }

  #setProblem(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    if (problem !== null) this.#log.warn(problem);
    this.#options.onChange();
  }
}

/**
 * What a file of settings holds, for looking only.
 * @throws Error with the reason when it cannot be used.
 */
export async function readKeptSettings(file: string): Promise<readonly KeptSetting[]> {
  return await keptList(file).read();
}

function keptList(file: string): KeptList<KeptSetting> {
  const maxBytes = MAX_FILE_BYTES;
  return new KeptList({ file, format: FORMAT, isEntry: isKeptSetting, maxBytes });
}

function isKeptSetting(value: unknown): value is KeptSetting {
  if (typeof value !== 'object' || value === null) return false;
  const { topic, value: kept, instead } = value as Record<string, unknown>;
  return (
    isText(topic, MAX_TOPIC_LENGTH) &&
    isText(kept, MAX_VALUE_LENGTH) &&
    isText(instead, MAX_VALUE_LENGTH)
  );
}

function isText(value: unknown, maxLength: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= maxLength;
}
