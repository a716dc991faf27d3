import type { Config } from '../config/schema.js';
import type { ScoreThresholds } from '../domain/score-thresholds.js';
import { collectGarbageSoon } from '../free-memory.js';
import type { Log } from '../log.js';
import type { ModelManager, ServingModel } from '../models/model-manager.js';
import type { Publisher } from '../publishing/publisher.js';
import { followedLabels, unknownLabels } from './followed-labels.js';
import type { HomeAssistant } from './home-assistant.js';
import type { InfoTopic } from './info-topic.js';
import type { Pictures } from './pictures.js';
import type { Streams } from './stream-wiring.js';
import { tellThresholds } from './told-settings.js';

/** Whom a model matters to. */
export interface ModelAudience {
  readonly config: Pick<Config, 'tracking' | 'zones'>;
  readonly models: Pick<ModelManager, 'state'>;
  readonly thresholds: ScoreThresholds;
  readonly homeAssistant: Pick<HomeAssistant, 'show'>;
  readonly pictures: Pick<Pictures, 'setLabels'>;
  readonly streams: Pick<Streams, 'tellModel'>;
  readonly info: Pick<InfoTopic, 'tell'>;
  readonly tell: Publisher['setState'];
}

/**
 * What tells all whom it matters to that a model serves from now on, and which labels there are;
 * also when the one before goes on.
 */
export function modelAnnouncer(audience: ModelAudience, log: Log): (serving: ServingModel) => void {
  const { config, models, thresholds, homeAssistant, pictures, streams, info, tell } = audience;
  return ({ model }) => {
    const labels = followedLabels(config, model);
    const unknown = unknownLabels(config, model);
    if (unknown.length > 0) log.warn('The model does not know labels to be followed', { unknown });
    // First what goes, else Home Assistant would see an entity without a state.
    homeAssistant.show({ labels });
    tell({ kind: 'model', state: models.state });
    tell({ kind: 'labels', labels });
    tellThresholds(thresholds, labels, tell);
    pictures.setLabels(labels);
    streams.tellModel(model, tell);
    tell({ kind: 'setting', scope: 'node', name: 'model', value: model.name });
    info.tell();
    // The model's file and what was made of it, and at the start what the start itself left.
    collectGarbageSoon();
  };
}
