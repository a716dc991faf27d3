import { ConfigKey } from './config-key.js';
import { integer, list, number } from './formats.js';

/** The keys below `tracking`. */
export function trackingKeys() {
  return {
    labels: new ConfigKey(
      'Labels that are followed; an empty list follows all.',
      list('labels'),
      [],
    ),
    confirm_hits: new ConfigKey(
      'Detections of an object before it counts.',
      integer({ min: 1, max: 100, note: 'detections' }),
      3,
    ),
    lost_after_s: new ConfigKey(
      'Time without a detection after which an object is gone.',
      number({ min: 0.1, max: 600, note: 's' }),
      2,
    ),
    min_iou: new ConfigKey(
      'Overlap, as intersection over union, of two boxes of the same object.',
      number({ min: 0.05, max: 0.95 }),
      0.2,
    ),
    update_interval_s: new ConfigKey(
      'Shortest time between two updates of one event.',
      number({ min: 0.1, max: 3600, note: 's' }),
      2,
    ),
  };
}
