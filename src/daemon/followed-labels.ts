import type { Config } from '../config/schema.js';
import { zonesOf } from '../config/zone-list.js';
import type { DetectorModel } from '../domain/detector-model.js';

type Labelled = Pick<DetectorModel, 'labels'>;
type Tracked = Pick<Config, 'tracking'>;

/** Labels that objects can have: those asked for, or all that the model knows. */
export function followedLabels({ tracking }: Tracked, model: Labelled): readonly string[] {
  return tracking.labels.length > 0 ? tracking.labels : [...knownLabels(model)];
}

/** Labels asked for, also by zones, that the model never gives; none when it names no labels at all. */
export function unknownLabels(
  { tracking, zones }: Pick<Config, 'tracking' | 'zones'>,
  model: Labelled,
): readonly string[] {
  const known = knownLabels(model);
  const wanted = [...tracking.labels, ...zonesOf(zones).flatMap(({ labels }) => labels)];
  return known.size > 0 ? [...new Set(wanted)].filter((label) => !known.has(label)) : [];
}

function knownLabels({ labels }: Labelled): ReadonlySet<string> {
  return new Set(labels.filter((label) => label !== null));
}
