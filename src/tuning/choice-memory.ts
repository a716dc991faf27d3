import type { MeasuredSetup, RefusedSetup } from '../domain/engine.js';
import { messageOf } from '../errors.js';
import { KeptList } from '../files/kept-list.js';
import type { Log } from '../log.js';

/** A board runs a handful of models; the oldest choices go first. */
const MAX_CHOICES = 64;
const MAX_FILE_BYTES = 256 << 10;
const FORMAT = 3;

/** What was chosen for a model, from what. */
export interface RememberedChoice {
  /** Everything that the choice depends on: model, processor, versions, what was allowed. */
  readonly key: string;
  readonly chosen: MeasuredSetup;
  readonly measured: readonly MeasuredSetup[];
  readonly refused: readonly RefusedSetup[];
  /** Unix ms. */
  readonly measuredAtMs: number;
}

/**
 * Choices kept in a file. A file that cannot be read is as good as none, and one that cannot be
 * written costs a new measurement at the next start: both are said and neither is in the way.
 */
export class ChoiceMemory {
  readonly #kept: KeptList<RememberedChoice>;
  readonly #log: Log;

  constructor(file: string, log: Log) {
    this.#kept = new KeptList({
      file,
      format: FORMAT,
      isEntry: isChoice,
      maxBytes: MAX_FILE_BYTES,
    });
    this.#log = log;
  }

  async recall(key: string): Promise<RememberedChoice | null> {
    const choices = await this.#read();
    return choices.findLast((choice) => choice.key === key) ?? null;
  }

  async remember(choice: RememberedChoice): Promise<void> {
    const others = (await this.#read()).filter(({ key }) => key !== choice.key);
    try {
      await this.#kept.write([...others, choice].slice(-MAX_CHOICES));
    } catch (error) {
      this.#log.warn('Cannot remember the engine chosen; it is measured again at the next start', {
        file: this.#kept.file,
        error: messageOf(error),
      });
    }
  }

  async #read(): Promise<readonly RememberedChoice[]> {
    try {
      return await this.#kept.read();
    } catch (error) {
      this.#log.warn('Cannot use the memory of engines chosen; it is begun anew', {
        file: this.#kept.file,
        error: messageOf(error),
      });
      return [];
    }
  }
}

function isChoice(value: unknown): value is RememberedChoice {
  if (!isRecord(value)) return false;
  const { key, chosen, measured, refused, measuredAtMs } = value;
  return (
    typeof key === 'string' &&
    typeof measuredAtMs === 'number' &&
    isMeasuredSetup(chosen) &&
    Array.isArray(measured) &&
    measured.every(isMeasuredSetup) &&
    Array.isArray(refused) &&
    refused.every((setup) => isSetup(setup) && typeof setup.reason === 'string')
  );
}

function isMeasuredSetup(value: unknown): boolean {
  return isSetup(value) && Number.isFinite(value.inferenceMs) && Number.isFinite(value.cpuMs);
}

function isSetup(value: unknown): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    (value.name === 'tfjs'
      ? value.kernels === null
      : value.name === 'litert' && (value.kernels === 'xnnpack' || value.kernels === 'builtin')) &&
    (value.form === 'original' || value.form === 'rewritten') &&
    Number.isInteger(value.threads) &&
    Number(value.threads) >= 1
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
