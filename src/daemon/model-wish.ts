import type { Config } from '../config/schema.js';
import type { ModelSource } from '../models/read-detector-model.js';

/** Which model is wanted: that of the configuration, until another one is asked for. */
export class ModelWish {
  #configured: ModelSource;
  #asked: string | null = null;
  #before: string | null = null;

  constructor(config: Pick<Config, 'model'>) {
    this.#configured = modelSource(config);
  }

  get source(): ModelSource {
    const { labels, ...source } = this.#configured;
    if (this.#asked === null || this.#asked === source.file) return { ...source, labels };
    // The label file belongs to the model of the configuration.
    return { ...source, labels: null, file: this.#asked };
  }

  /** The file before the one that is wanted now; null while there was no other. */
  get previousFile(): string | null {
    return this.#before;
  }

  /** Files that matter to the model that is wanted. */
  get files(): readonly string[] {
    const { file, labels } = this.source;
    return labels === null ? [file] : [file, labels];
  }

  /** Asks for another file, until the configuration names another one. */
  ask(file: string): void {
    this.#before = this.source.file;
    this.#asked = file;
  }

  /** Takes the wish back: the last one could not be fulfilled. */
  takeBack(): void {
    this.#asked = this.#before;
    this.#before = null;
  }

  /** Takes over a configuration that was read anew. */
  configure(config: Pick<Config, 'model'>): void {
    const configured = modelSource(config);
    if (configured.file !== this.#configured.file) this.#asked = null;
    this.#configured = configured;
  }
}

/** The model that a configuration asks for. */
export function modelSource({ model }: Pick<Config, 'model'>): ModelSource {
  return { file: model.file ?? '', labels: model.labels, fit: model.fit };
}
