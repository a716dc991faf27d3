import type { DetectorModel, ModelRef } from '../domain/detector-model.js';
import type { EngineChoice, LoadReport, MeasuredSetup } from '../domain/engine.js';
import type { ModelState } from '../domain/model-state.js';
import { ModelError, messageOf } from '../errors.js';
import type { Log } from '../log.js';
import {
  type ModelSource,
  type ReadDetectorModel,
  readDetectorModel,
} from './read-detector-model.js';

/** Where models run. */
export interface ModelHost {
  /** Loads a candidate beside the active model and tries it. */
  load(
    model: DetectorModel,
    modelBytes: Uint8Array<ArrayBuffer>,
    engine: EngineChoice,
  ): Promise<LoadReport>;
  /** Makes the loaded candidate the active model, between two frames. */
  activate(): Promise<void>;
}

/** How a model is to be run: in which engine, and from which bytes (the file's, or rewritten ones). */
export interface RunPlan {
  readonly engine: EngineChoice;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same in words and figures. */
  readonly setup: MeasuredSetup;
}

/** A model in service. */
export interface ServingModel {
  readonly model: DetectorModel;
  readonly setup: MeasuredSetup;
}

export interface ModelManagerOptions {
  readonly host: ModelHost;
  /** Chooses how to run a model; throws ModelError when there is no way. */
  readonly plan: (read: ReadDetectorModel) => Promise<RunPlan>;
  readonly log: Log;
  readonly onState: (state: ModelState) => void;
}

/**
 * The life of the model: verifying → warming → switching → active, or rejected. The active one
 * serves until its successor has proven itself, and goes on serving when that fails.
 */
export class ModelManager {
  readonly #options: ModelManagerOptions;
  #serving: ServingModel | null = null;
  #state: ModelState = {
    phase: 'idle',
    active: null,
    previous: null,
    candidate: null,
    error: null,
    sinceMs: Date.now(),
  };

  constructor(options: ModelManagerOptions) {
    this.#options = options;
  }

  /** The model that serves, and how it is run; null before the first. */
  get serving(): ServingModel | null {
    return this.#serving;
  }

  get state(): ModelState {
    return this.#state;
  }

  /**
   * Loads the first model.
   * @throws ModelError when it cannot be used: there is nothing to go on with.
   */
  start(source: ModelSource): Promise<ServingModel> {
    return this.#bringIn(source);
  }

  /**
   * Replaces the active model if the source now gives another one. A candidate that fails leaves
   * everything as it was and is reported. One call at a time. Gives the model that serves now.
   */
  async reload(source: ModelSource): Promise<ServingModel | null> {
    try {
      await this.#bringIn(source);
    } catch (thrown) {
      this.#reject(thrown);
      this.#options.log.error(messageOf(thrown), { goesOn: this.#serving?.model.id });
    }
    return this.#serving;
  }

  async #bringIn(source: ModelSource): Promise<ServingModel> {
    const { host, plan, log } = this.#options;
    this.#enter('verifying', { candidate: { file: source.file }, error: null });
    const read = await readDetectorModel(source);
    const { model } = read;
    if (this.#serving && isSame(model, this.#serving.model)) {
      log.debug('Model is unchanged', { model: model.id });
      this.#enter('active', { candidate: null });
      return this.#serving;
    }
    const { engine, bytes, setup } = await plan(read);
    this.#enter('warming');
    const { trialMs, warnings } = await host.load(model, bytes, engine);
    for (const said of warnings) log.warn('The engine says of the model', { said });
    this.#enter('switching');
    await host.activate();
    const previous = this.#state.active;
    this.#serving = { model, setup };
    this.#enter('active', { active: refOf(model), previous, candidate: null });
    log.info('Model is active', { model: model.id, trialMs: Math.round(trialMs) });
    return this.#serving;
  }

  #reject(thrown: unknown): void {
    const detail = messageOf(thrown);
    const code = thrown instanceof ModelError ? thrown.code : 'failed';
    this.#enter('rejected', { error: { code, detail } });
  }

  #enter(phase: ModelState['phase'], change: Partial<ModelState> = {}): void {
    this.#state = { ...this.#state, ...change, phase, sinceMs: Date.now() };
    this.#options.onState(this.#state);
  }
}

function isSame(a: DetectorModel, b: DetectorModel): boolean {
  return a.id === b.id && a.fit === b.fit && a.labels.join('\n') === b.labels.join('\n');
}

function refOf({ id, name, sha256 }: ModelRef): ModelRef {
  return { id, name, sha256 };
}
