import type { Config } from '../config/schema.js';
import { slug } from '../domain/slug.js';
import { readDetectorModel } from '../models/read-detector-model.js';
import { followedLabels, unknownLabels } from './followed-labels.js';
import { modelSource } from './model-wish.js';
import { publishedTopics } from './mqtt-wiring.js';
import { usableEngines } from './planning.js';
import { commandPolicy } from './remote-control.js';

/** What a configuration would do, without doing it. */
export interface Preview {
  /** Topics, with `{label}` for the slug of a label. */
  readonly topics: readonly string[];
  /** The slugs, each once; null when no model is named. */
  readonly labels: readonly string[] | null;
  /** Labels to be followed that the model does not know. */
  readonly unknownLabels: readonly string[];
  /** Why models run slower than they could; null where they do not. */
  readonly shortcoming: string | null;
}

/**
 * Looks ahead: reads the model, if one is named, but runs nothing.
 * @throws ModelError when it cannot be used, ConfigError when the engine cannot or there is no
 * command of a name in the list.
 */
export async function preview(config: Config): Promise<Preview> {
  const topics = publishedTopics(config);
  commandPolicy(config);
  const { shortcoming } = await usableEngines(config);
  if (config.model.file === null) return { topics, labels: null, unknownLabels: [], shortcoming };
  const { model } = await readDetectorModel(modelSource(config));
  const labels = [...new Set(['any', ...followedLabels(config, model).map(slug)])];
  return { topics, labels, unknownLabels: unknownLabels(config, model), shortcoming };
}
