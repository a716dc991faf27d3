import { createHash } from 'node:crypto';
import { inputTensor } from '../detection/input-tensor.js';
import { engineChoice, type MeasuredSetup, setupText } from '../domain/engine.js';
import type { Frame } from '../domain/frame.js';
import type { Log } from '../log.js';
import type { RunPlan } from '../models/model-manager.js';
import type { ReadDetectorModel } from '../models/read-detector-model.js';
import type { Choices } from './candidates.js';
import type { ChoiceMemory, RememberedChoice } from './choice-memory.js';
import type { EngineTuner } from './engine-tuner.js';
import { testPicture } from './test-picture.js';

/** Rewritten models, by the SHA-256 of the file they were made from. */
export interface RewrittenModels {
  get(sha256: string): Promise<Uint8Array<ArrayBuffer> | null>;
  put(sha256: string, bytes: Uint8Array): Promise<void>;
}

export interface ModelPlannerOptions {
  readonly tuner: EngineTuner;
  readonly choices: Choices;
  /** LiteRT's verified library; null where there is none. */
  readonly litertFile: string | null;
  /** Why the fast engine is not among the choices although it is wanted; null where it is. */
  readonly shortcoming: string | null;
  /** Processor and versions: whatever else makes a choice valid or void. */
  readonly machine: string;
  readonly memory: ChoiceMemory;
  readonly rewritten: RewrittenModels;
  readonly log: Log;
}

/** How a model is to be run, and where that comes from. */
export interface ModelPlan extends RunPlan {
  readonly basis: Omit<RememberedChoice, 'key'>;
}

/** Chooses how to run a model: as remembered, or by measuring. */
export class ModelPlanner {
  readonly #options: ModelPlannerOptions;

  constructor(options: ModelPlannerOptions) {
    this.#options = options;
  }

  /**
   * @param frames gives pictures of the camera; asked only when something is to be measured. A
   * choice that no real picture has confirmed is used but not remembered.
   * @throws ModelError when the model cannot be run.
   */
  async plan(
    read: ReadDetectorModel,
    frames: () => Promise<readonly Frame[]>,
    signal: AbortSignal,
  ): Promise<ModelPlan> {
    const { memory, shortcoming, log } = this.#options;
    if (shortcoming !== null) {
      log.warn('LiteRT cannot be used; models run several times slower', { why: shortcoming });
    }
    const key = this.#keyOf(read.model.sha256);
    const known = await memory.recall(key);
    const plan = known && (await this.#asRemembered(read, known));
    return plan ?? (await this.measure(read, await frames(), signal));
  }

  /** Measures, whatever is remembered. Throws as `plan` does. */
  async measure(
    { model, bytes }: ReadDetectorModel,
    frames: readonly Frame[],
    signal: AbortSignal,
  ): Promise<ModelPlan> {
    const { tuner, memory, rewritten, log } = this.#options;
    log.info('Measuring how this machine runs the model best', { model: model.id });
    const { sha256, name, outputLayout: layout } = model;
    const inputs = [...frames, testPicture()].map((frame) => inputTensor(frame, model));
    const subject = { name, bytes, rewritten: await rewritten.get(sha256), layout, inputs };
    const tuning = await tuner.tune(subject, signal);
    const { chosen, measured, refused } = tuning;
    const basis = { chosen, measured, refused, measuredAtMs: Date.now() };
    if (tuning.rewritten) await rewritten.put(sha256, tuning.rewritten);
    if (frames.length > 0) await memory.remember({ key: this.#keyOf(sha256), ...basis });
    log.info('Measured how to run the model', {
      model: model.id,
      engine: setupText(chosen),
      inferenceMs: Math.round(chosen.inferenceMs * 10) / 10,
      tried: measured.length + refused.length,
      pictures: inputs.length,
    });
    return this.#planOf(chosen, tuning.rewritten ?? bytes, basis);
  }

  async #asRemembered(
    { model, bytes }: ReadDetectorModel,
    { key: _, ...basis }: RememberedChoice,
  ): Promise<ModelPlan | null> {
    const { chosen } = basis;
    if (chosen.form === 'original') return this.#planOf(chosen, bytes, basis);
    const rewritten = await this.#options.rewritten.get(model.sha256);
    return rewritten && this.#planOf(chosen, rewritten, basis);
  }

  #planOf(
    setup: MeasuredSetup,
    bytes: Uint8Array<ArrayBuffer>,
    basis: ModelPlan['basis'],
  ): ModelPlan {
    return { engine: engineChoice(setup, this.#options.litertFile), bytes, setup, basis };
  }

  #keyOf(sha256: string): string {
    const { choices, machine } = this.#options;
    return createHash('sha256').update(JSON.stringify({ sha256, choices, machine })).digest('hex');
  }
}
