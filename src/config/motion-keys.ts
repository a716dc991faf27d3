import { ConfigKey } from './config-key.js';
import { flag, number } from './formats.js';

/** The keys below `motion`. */
export function motionKeys() {
  return {
    enabled: new ConfigKey('Whether motion is looked for and told.', flag(), true),
    threshold: new ConfigKey(
      'Change of brightness that counts; the noise of the picture has to be exceeded as well.',
      number({ min: 1, max: 255, note: 'grey levels' }),
      10,
    ),
    min_area: new ConfigKey(
      'Part of the picture that has to change, in one piece.',
      number({ min: 0.0002, max: 1 }),
      0.002,
    ),
    off_delay_s: new ConfigKey(
      'How long it has to be still before there is no motion.',
      number({ min: 0, max: 3600, note: 's' }),
      30,
    ),
    gate: new ConfigKey(
      'Whether frames in which nothing moves are passed over; see docs/motion.md.',
      flag(),
      false,
    ),
    look_every_s: new ConfigKey(
      'Time after which a frame is detected in spite of `motion.gate`.',
      number({ min: 0.1, max: 3600, note: 's' }),
      10,
    ),
  };
}
