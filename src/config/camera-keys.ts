import { ConfigKey } from './config-key.js';
import { choice, either, flag, integer, number, orNull, slugText, text } from './formats.js';

/** The keys below `camera`. */
export function cameraKeys() {
  return {
    id: new ConfigKey('Id of the camera in topics.', slugText(), 'camera'),
    frame_id: new ConfigKey(
      'Coordinate frame of the camera, as robots call it; null makes it of camera.id: camera_optical.',
      orNull(text('a name')),
      null,
    ),
    source: new ConfigKey(
      'Where frames come from: the Pi camera, a video file or folder of pictures, or a drawn scene.',
      choice('rpicam', 'replay', 'synthetic'),
      'rpicam',
    ),
    path: new ConfigKey(
      'Video file or folder of pictures that the source replay shows.',
      orNull(text('a path')),
      null,
    ),
    pace: new ConfigKey(
      'How fast replay and synthetic go: at their own rate, as fast as frames are taken, or at a given rate.',
      either(choice('native', 'max'), number({ min: 0, max: 1000, above: true, note: 'fps' })),
      'native',
    ),
    loop: new ConfigKey('Whether replay starts again at its end.', flag(), false),
    width: new ConfigKey(
      'Width of the frames; null leaves it to the source.',
      orNull(integer({ min: 32, max: 4096, note: 'px' }, 2)),
      null,
    ),
    height: new ConfigKey(
      'Height of the frames; null leaves it to the source.',
      orNull(integer({ min: 32, max: 4096, note: 'px' }, 2)),
      null,
    ),
    fps: new ConfigKey(
      'Frames a second that the camera is asked for.',
      number({ min: 0.1, max: 120, note: 'fps' }),
      10,
    ),
    seed: new ConfigKey(
      'Which of the scenes the source synthetic shows; the same one has the same frames.',
      integer({ min: 0, max: 4_294_967_295 }),
      1,
    ),
    duration_s: new ConfigKey(
      'How long the source synthetic lasts; null is for ever.',
      orNull(number({ min: 0, max: 86_400, above: true, note: 's' })),
      null,
    ),
    index: new ConfigKey(
      'Which camera of the machine, as rpicam-hello --list-cameras counts them.',
      integer({ min: 0, max: 7 }),
      0,
    ),
  };
}
