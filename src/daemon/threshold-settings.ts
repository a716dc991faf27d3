import type { ScoreThresholds } from '../domain/score-thresholds.js';
import type { Publisher } from '../publishing/publisher.js';

/** Takes over the labels that there are from now on, and tells the threshold of each. */
export function tellThresholds(
  thresholds: ScoreThresholds,
  labels: readonly string[],
  tell: Publisher['setState'],
): void {
  const before = thresholds.bySlug;
  thresholds.setLabels(labels);
  const now = thresholds.bySlug;
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    const value = now.get(name);
    tell({
      kind: 'setting',
      scope: 'camera',
      name: `threshold/${name}`,
      value: value === undefined ? null : String(value),
    });
  }
}
