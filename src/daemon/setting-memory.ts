import { rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { type KeptSetting, KeptSettings, readKeptSettings } from '../commands/kept-settings.js';
import type { Config } from '../config/schema.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { findModelBeside } from '../models/model-folder.js';
import type { ModelManager, ServingModel } from '../models/model-manager.js';
import type { StateUpdate } from '../publishing/publisher.js';
import type { ModelWish } from './model-wish.js';
import { nodeFolder } from './mqtt-wiring.js';

/** By its own way: it is in force before there are handlers, and more than one command sets it. */
const MODEL = 'set/model';

type MemoryConfig = Pick<Config, 'node' | 'camera' | 'model'>;

export interface SettingMemoryParts {
  readonly config: MemoryConfig;
  readonly stateDir: string;
  /** Is called when what is kept, or the problem with it, is another. */
  readonly onChange: () => void;
}

/** Makes one setting; see `CommandRouter.set`. */
export type MakeSetting = (topic: string, value: string, signal: AbortSignal) => Promise<void>;

/** What was set by commands, over restarts: in force again as if the command came at each start. */
export class SettingMemory implements AsyncDisposable {
  readonly #kept: KeptSettings;
  readonly #camera: string;
  readonly #log: Log;

  private constructor(kept: KeptSettings, { camera, model }: MemoryConfig, log: Log) {
    this.#kept = kept;
    this.#camera = camera.id;
    this.#log = log;
    this.configureModel({ model });
  }

  /** Reads what earlier runs have kept. */
  static async start(parts: SettingMemoryParts, log: Log): Promise<SettingMemory> {
    const { config, stateDir, onChange } = parts;
    const kept = await KeptSettings.start({ file: settingsFile(config, stateDir), onChange }, log);
    return new SettingMemory(kept, config, log);
  }

  get all(): readonly KeptSetting[] {
    return this.#kept.all;
  }

  /** Why settings are lost or will not last; null: they are not. */
  get problem(): string | null {
    return this.#kept.problem;
  }

  configuredOf(topic: string): string | null {
    return this.#kept.configuredOf(topic);
  }

  /** Keeps what a command has set. */
  keep(topic: string, value: string): void {
    if (topic !== MODEL) this.#kept.keep(topic, value);
  }

  /** Keeps which model a command has brought in. */
  keepModel(name: string): void {
    this.#kept.keep(MODEL, name);
  }

  /** Takes over which model a configuration names. */
  configureModel({ model }: Pick<Config, 'model'>): void {
    const file = model.file ?? '';
    this.#kept.configure(MODEL, basename(file, extname(file)));
  }

  /** Looks at a state before it is told: what is told first of a setting is as configured. */
  look(update: StateUpdate): void {
    if (update.kind !== 'setting') return;
    const { scope, name, value } = update;
    const topic = scope === 'node' ? `set/${name}` : `cam/${this.#camera}/set/${name}`;
    if (value === null || this.#kept.configuredOf(topic) === null) {
      this.#kept.configure(topic, value);
    }
  }

  /** Wishes for the model that was set. */
  async wishModel(wish: ModelWish): Promise<void> {
    const name = this.#kept.valueOf(MODEL);
    if (name === null) return;
    try {
      wish.ask(await findModelBeside(wish.source.file, name));
    } catch (error) {
      this.#giveUp(MODEL, error);
    }
  }

  /**
   * Starts with the model that is wanted, or where it was set and cannot be used, the configured one.
   * @throws ModelError when that one cannot be used.
   */
  async startModel(models: Pick<ModelManager, 'start'>, wish: ModelWish): Promise<ServingModel> {
    if (this.#kept.valueOf(MODEL) === null) return await models.start(wish.source);
    try {
      return await models.start(wish.source);
    } catch (error) {
      this.#giveUp(MODEL, error);
      wish.takeBack();
      return await models.start(wish.source);
    }
  }

  /** Makes all other settings again. What is no longer possible or allowed is forgotten. */
  async makeAgain(make: MakeSetting, signal: AbortSignal): Promise<void> {
    const settings = Object.fromEntries(this.#kept.all.map(({ topic, value }) => [topic, value]));
    if (this.#kept.all.length > 0) this.#log.info('Set by commands before this start', settings);
    for (const { topic, value } of this.#kept.all) {
      if (topic === MODEL) continue;
      try {
        await make(topic, value, signal);
      } catch (error) {
        this.#giveUp(topic, error);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kept[Symbol.asyncDispose]();
  }

  #giveUp(topic: string, error: unknown): void {
    this.#log.warn('Cannot make a setting again that was made by a command; it is as configured', {
      topic,
      error: messageOf(error),
    });
    this.#kept.forget(topic);
  }
}

/**
 * What is kept for this configuration, without touching it.
 * @throws Error with the reason when it cannot be read.
 */
export async function keptSettings(
  config: MemoryConfig,
  stateDir: string,
): Promise<readonly KeptSetting[]> {
  return await readKeptSettings(settingsFile(config, stateDir));
}

/** Forgets what is kept for this configuration, as far as that can be done. */
export async function dropSettings(config: MemoryConfig, stateDir: string): Promise<void> {
  // Where it cannot be removed it could not have been written either.
  await rm(settingsFile(config, stateDir), { force: true }).catch(() => {});
}

function settingsFile(config: MemoryConfig, stateDir: string): string {
  return join(nodeFolder(stateDir, config), 'settings.json');
}
