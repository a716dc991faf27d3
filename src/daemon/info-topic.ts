import { configHash } from '../config/config-hash.js';
import type { LoadedConfig } from '../config/load-config.js';
import type { NodeInfo } from '../domain/node-info.js';
import type { ModelManager } from '../models/model-manager.js';
import type { Publisher } from '../publishing/publisher.js';
import { followedLabels } from './followed-labels.js';
import type { SettingMemory } from './setting-memory.js';

/** What the topic `info` is told of. */
export interface InfoParts {
  /** What never changes while the process runs. */
  readonly node: Omit<NodeInfo, 'labels' | 'model' | 'engine' | 'configHash' | 'settings'>;
  /** The configuration that holds at the start. */
  readonly loaded: LoadedConfig;
  readonly models: Pick<ModelManager, 'serving'>;
  readonly memory: Pick<SettingMemory, 'all'>;
  readonly tell: Publisher['setState'];
}

/** What is told on the topic `info`: what this process is, and what it runs now. */
export class InfoTopic {
  readonly #parts: InfoParts;
  #current: LoadedConfig;

  constructor(parts: InfoParts) {
    this.#parts = parts;
    this.#current = parts.loaded;
  }

  /** Takes over a configuration that was read anew; labels are followed as at the start. */
  configure(loaded: LoadedConfig): void {
    this.#current = loaded;
  }

  /** Tells it as it is now; nothing before a model serves. */
  tell(): void {
    const { node, loaded, models, memory, tell } = this.#parts;
    if (models.serving === null) return;
    const { model, setup: engine } = models.serving;
    const labels = followedLabels(loaded.config, model);
    const now = { settings: memory.all, configHash: configHash(this.#current) };
    tell({ kind: 'info', info: { ...node, ...now, labels, model, engine } });
  }
}
