import type { Config } from '../config/schema.js';
import { zonesOf } from '../config/zone-list.js';
import { labelSlug } from '../domain/slug.js';
import { readDetectorModel } from '../models/read-detector-model.js';
import { discoveryInputs } from './discovery-input.js';
import { followedLabels, unknownLabels } from './followed-labels.js';
import { discoveryTopics } from './home-assistant.js';
import { modelSource } from './model-wish.js';
import { publishedTopics } from './mqtt-wiring.js';
import { usableEngines } from './planning.js';

/** What a configuration would do, without doing it. */
export interface Preview {
  /** Topics, with `{label}` for the slug of a label and `{zone}` for the id of a zone. */
  readonly topics: readonly string[];
  /** Ids of all zones. */
  readonly zones: readonly string[];
  /** Topics at which Home Assistant is told what there is. */
  readonly discoveryTopics: readonly string[];
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
  const zones = zonesOf(config.zones).map(({ id }) => id);
  const { shortcoming } = await usableEngines(config);
  const inputOf = await discoveryInputs(config, '');
  const shownAt = (labels: readonly string[], models: readonly string[]): readonly string[] =>
    discoveryTopics(config.discovery, inputOf({ labels, models }));
  if (config.model.file === null) {
    const seen = { topics, zones, discoveryTopics: shownAt([], []), shortcoming };
    return { ...seen, labels: null, unknownLabels: [] };
  }
  const { model } = await readDetectorModel(modelSource(config));
  const followed = followedLabels(config, model);
  return {
    topics,
    zones,
    discoveryTopics: shownAt(followed, [model.name]),
    labels: [...new Set(['any', ...followed.map(labelSlug)])],
    unknownLabels: unknownLabels(config, model),
    shortcoming,
  };
}
