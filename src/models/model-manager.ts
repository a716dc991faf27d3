import type { DetectorModel, Fit, ModelRef } from '../domain/detector-model.js';
import type { ModelState } from '../domain/model-state.js';
import { ModelError, messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { describeDetector, describeFile } from './detector-model.js';
import { readLabels } from './read-labels.js';
import { type ModelBytes, readModel } from './read-model.js';

/** Where models run. */
export interface ModelHost {
  /** Loads a candidate beside the active model and tries it; gives the trial's duration in ms. */
  load(model: DetectorModel, modelBytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Makes the loaded candidate the active model, between two frames. */
  activate(): Promise<void>;
}

/** Which model the configuration asks for. */
export interface ModelSource {
  readonly file: string;
  /** Label file; null takes the labels inside the model. */
  readonly labels: string | null;
  readonly fit: Fit | 'auto';
}

export interface ModelManagerOptions {
  readonly host: ModelHost;
  readonly log: Log;
  readonly onState: (state: ModelState) => void;
  /** Called when a model begins to serve. */
  readonly onActive: (model: DetectorModel) => void;
}

/**
 * The life of the model: verifying → warming → switching → active, or rejected. The active one
 * serves until its successor has proven itself, and goes on serving when that fails.
 */
export class ModelManager {
  readonly #options: ModelManagerOptions;
  #active: DetectorModel | null = null;
  #state: ModelState = {
    phase: 'idle',
    active: null,
    previous: null,
    candidate: null,
    error: null,
    sinceMs: Date.now(),
  };
  /** The start, which reloads wait for: two candidates at once would take each other's place. */
  #started: Promise<unknown> = Promise.resolve();
  /** The reload in progress, and the one asked for meanwhile: any number of requests make one. */
  #reloading: Promise<void> | null = null;
  #next: ModelSource | null = null;

  constructor(options: ModelManagerOptions) {
    this.#options = options;
  }

  /**
   * Loads the first model.
   * @throws ModelError when it cannot be used: there is nothing to go on with.
   */
  async start(source: ModelSource): Promise<void> {
    const starting = this.#bringIn(source);
    this.#started = starting.catch(() => {});
    try {
      await starting;
    } catch (thrown) {
      this.#reject(thrown);
      throw thrown;
    }
  }

  /**
   * Replaces the active model if the source now gives another one. A candidate that fails leaves
   * everything as it was and is reported. Resolves when the latest request is dealt with.
   */
  reload(source: ModelSource): Promise<void> {
    this.#next = source;
    this.#reloading ??= this.#reloadAll();
    return this.#reloading;
  }

  async #reloadAll(): Promise<void> {
    await this.#started;
    try {
      while (this.#next) {
        const source = this.#next;
        this.#next = null;
        await this.#bringIn(source).catch((thrown: unknown) => this.#reject(thrown));
      }
    } finally {
      // In the same turn as the last look at `#next`: no request may fall between the two.
      this.#reloading = null;
    }
  }

  async #bringIn(source: ModelSource): Promise<void> {
    const { host, log, onActive } = this.#options;
    this.#enter('verifying', { candidate: { file: source.file }, error: null });
    const bytes = await readModel(source.file);
    const model = await describe(bytes, source);
    if (this.#active && isSame(model, this.#active)) {
      log.info('Model is unchanged', { model: model.id });
      this.#enter('active', { candidate: null });
      return;
    }
    this.#enter('warming');
    const trialMs = await host.load(model, bytes.bytes);
    this.#enter('switching');
    await host.activate();
    const previous = this.#state.active;
    this.#active = model;
    this.#enter('active', { active: refOf(model), previous, candidate: null });
    log.info('Model is active', { model: model.id, trialMs: Math.round(trialMs) });
    onActive(model);
  }

  #reject(thrown: unknown): void {
    const detail = messageOf(thrown);
    const code = thrown instanceof ModelError ? thrown.code : 'failed';
    this.#options.log.error(detail, { goesOn: this.#active?.id ?? null });
    this.#enter('rejected', { error: { code, detail } });
  }

  #enter(phase: ModelState['phase'], change: Partial<ModelState> = {}): void {
    this.#state = { ...this.#state, ...change, phase, sinceMs: Date.now() };
    this.#options.onState(this.#state);
  }
}

async function describe(bytes: ModelBytes, source: ModelSource): Promise<DetectorModel> {
  const labelText = source.labels === null ? null : await readLabels(source.labels);
  return describeDetector(bytes, describeFile(bytes), { labelText, fit: source.fit });
}

function isSame(a: DetectorModel, b: DetectorModel): boolean {
  return a.id === b.id && a.fit === b.fit && a.labels.join('\n') === b.labels.join('\n');
}

function refOf({ id, name, sha256 }: ModelRef): ModelRef {
  return { id, name, sha256 };
}
