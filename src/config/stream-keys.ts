import { ConfigKey } from './config-key.js';
import { flag, number } from './formats.js';

/** The keys below `stream`. */
export function streamKeys() {
  return {
    frames: new ConfigKey(
      'Whether what is seen in each single frame is published; see docs/robotics.md.',
      flag(),
      false,
    ),
    ros: new ConfigKey(
      'Whether the same is published in the form of vision_msgs, for robots with ROS 2.',
      flag(),
      false,
    ),
    max_hz: new ConfigKey(
      'Frames a second that are published at most.',
      number({ min: 0.1, max: 120, note: 'Hz' }),
      15,
    ),
  };
}
