import { slug } from '../domain/slug.js';
import { cameraKeys } from './camera-keys.js';
import { ConfigKey, type ConfigOf, type KeyPathOf, type SchemaTree } from './config-key.js';
import { discoveryKeys } from './discovery-keys.js';
import { choice, either, flag, integer, list, number, orNull, slugText, text } from './formats.js';
import { motionKeys } from './motion-keys.js';
import { mqttKeys } from './mqtt-keys.js';
import { streamKeys } from './stream-keys.js';
import { trackingKeys } from './tracking-keys.js';
import { zoneList } from './zone-list.js';

/** What defaults and ranges depend on. */
export interface Machine {
  readonly hostName: string;
  /** Processor cores this process may use. */
  readonly cores: number;
}

/**
 * All keys. Types, defaults, documentation, the example file, arguments and environment names come
 * from here and from nowhere else.
 */
export function configSchema(machine: Machine) {
  return {
    node: new ConfigKey(
      'Id of this machine in topics; by default its host name.',
      slugText(),
      slug(machine.hostName),
    ),
    camera: cameraKeys(),
    queue: {
      capacity: new ConfigKey(
        'Frames that may wait for the detector; a newer one drives out the oldest.',
        integer({ min: 1, max: 3, note: 'frames' }),
        1,
      ),
      max_age_ms: new ConfigKey(
        'Age at which a waiting frame is dropped.',
        integer({ min: 50, max: 60_000, note: 'ms' }),
        1000,
      ),
    },
    model: {
      file: new ConfigKey(
        'TensorFlow Lite detector; `lookout run` needs one.',
        orNull(text('a path')),
        null,
      ),
      labels: new ConfigKey(
        'Label file; null takes the labels inside the model.',
        orNull(text('a path')),
        null,
      ),
      threshold: new ConfigKey(
        'Lowest score of a detection that counts.',
        number({ min: 0, max: 1 }),
        0.5,
      ),
      fit: new ConfigKey(
        "How a frame is made to fit the model's input; auto decides by the model.",
        choice('auto', 'stretch', 'letterbox'),
        'auto',
      ),
      watch: new ConfigKey(
        'Whether a change of the model file swaps the model while running.',
        flag(),
        true,
      ),
    },
    engine: new ConfigKey(
      'Inference engine; auto measures all there are and takes the best.',
      choice('auto', 'litert', 'tfjs'),
      'auto',
    ),
    threads: new ConfigKey(
      'Threads of one inference; auto takes as many as earn their keep and leaves a core free.',
      either(
        choice('auto'),
        integer({ min: 1, max: machine.cores, note: 'the cores of this machine' }),
      ),
      'auto',
    ),
    state_dir: new ConfigKey(
      'Folder for what Lookout finds out and keeps; null takes the place systemd gives, or ~/.local/state/lookout.',
      orNull(text('a path')),
      null,
    ),
    motion: motionKeys(),
    tracking: trackingKeys(),
    zones: new ConfigKey(
      'Parts of the picture in which objects are told of separately; see docs/zones.md.',
      zoneList(),
      [],
    ),
    mqtt: mqttKeys(),
    stream: streamKeys(),
    discovery: discoveryKeys(),
    commands: new ConfigKey(
      'Which commands are obeyed that come by MQTT: none, those that change nothing, all, or these.',
      either(choice('off', 'readonly', 'all'), list('commands')),
      'all',
    ),
    images: new ConfigKey(
      'Which pictures may leave the detector: all that other keys ask for, or none at all.',
      choice('all', 'none'),
      'all',
    ),
    http: {
      enabled: new ConfigKey(
        'Whether a page shows live what is seen; whoever reaches it may look.',
        flag(),
        false,
      ),
      host: new ConfigKey(
        'Address that the page is served at; 0.0.0.0 is every one of this machine.',
        text('an address'),
        '127.0.0.1',
      ),
      port: new ConfigKey(
        'Port that the page is served at.',
        integer({ min: 0, max: 65_535 }),
        8484,
      ),
      names: new ConfigKey(
        'Host names under which the page may be asked for, besides localhost and addresses.',
        list('names'),
        [],
      ),
    },
    log: {
      level: new ConfigKey(
        'Least important lines that are written.',
        choice('error', 'warn', 'info', 'debug'),
        'info',
      ),
      format: new ConfigKey(
        'Form of the lines; auto is journal under systemd and text elsewhere.',
        choice('auto', 'text', 'json', 'journal'),
        'auto',
      ),
      publish: new ConfigKey(
        'Whether warnings and errors are published too, on the topic log.',
        flag(),
        true,
      ),
    },
  } as const satisfies SchemaTree;
}

/** The keys as they are declared. */
export type Schema = ReturnType<typeof configSchema>;

/** The effective configuration, deep-frozen; stages get their sections of it. */
export type Config = ConfigOf<Schema>;

/** Dotted path of a key, such as `camera.width`. */
export type KeyPath = KeyPathOf<Schema>;
