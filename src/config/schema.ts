import { slug } from '../domain/slug.js';
import { cameraKeys } from './camera-keys.js';
import { ConfigKey, type ConfigOf, type KeyPathOf, type SchemaTree } from './config-key.js';
import {
  choice,
  either,
  flag,
  hostText,
  integer,
  list,
  number,
  orNull,
  slugPath,
  slugText,
  text,
  url,
} from './formats.js';

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
    tracking: {
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
    },
    mqtt: {
      url: new ConfigKey(
        'Broker: mqtt is plain, mqtts with TLS, ws and wss are websockets. A password is better kept in mqtt.password_file than here.',
        url('mqtt', 'mqtts', 'ws', 'wss'),
        'mqtt://localhost:1883',
      ),
      embedded: new ConfigKey(
        'Whether Lookout is its own broker, at the address of mqtt.url; for a box that has no other.',
        flag(),
        false,
      ),
      base: new ConfigKey('First level or levels of every topic.', slugPath(), 'lookout'),
      client_id: new ConfigKey(
        'MQTT client id; null makes it of the ids of node and camera.',
        orNull(text('text')),
        null,
      ),
      username: new ConfigKey('User name at the broker.', orNull(text('text')), null),
      password_file: new ConfigKey(
        "File with the password; null takes systemd's credential mqtt-password, if there is one.",
        orNull(text('a path')),
        null,
      ),
      protocol: new ConfigKey(
        'MQTT version; auto tries 5 first, then 4, which is MQTT 3.1.1.',
        choice('auto', 5, 4),
        'auto',
      ),
      ca_file: new ConfigKey(
        'Certificates (PEM) of the CAs that may vouch for the broker; null takes those that Node.js trusts.',
        orNull(text('a path')),
        null,
      ),
      cert_file: new ConfigKey(
        'Certificate (PEM) by which the broker knows Lookout, where it asks for one.',
        orNull(text('a path')),
        null,
      ),
      key_file: new ConfigKey(
        "Key (PEM) of mqtt.cert_file; null takes systemd's credential mqtt-key, if there is one.",
        orNull(text('a path')),
        null,
      ),
      server_name: new ConfigKey(
        "Name or address that the broker's certificate has to bear; null takes the host of mqtt.url.",
        orNull(hostText()),
        null,
      ),
      event_ttl_s: new ConfigKey(
        'Time for which the broker keeps an event for a subscriber who is away.',
        integer({ min: 1, max: 2_592_000, note: 's' }),
        3600,
      ),
      history_ttl_s: new ConfigKey(
        'Time for which the broker keeps an event that came late for a recorder who is away.',
        integer({ min: 1, max: 2_592_000, note: 's' }),
        86_400,
      ),
      outbox_max_mb: new ConfigKey(
        'Room on disk for events while the broker is away.',
        integer({ min: 1, max: 1024, note: 'MB' }),
        16,
      ),
      outbox_max_age_h: new ConfigKey(
        'Age at which an event that waits for the broker is given up.',
        integer({ min: 1, max: 8760, note: 'hours' }),
        72,
      ),
      live_window_s: new ConfigKey(
        'Age at which an event is no longer published as live.',
        number({ min: 1, max: 3600, note: 's' }),
        10,
      ),
    },
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
    },
  } as const satisfies SchemaTree;
}

/** The keys as they are declared. */
export type Schema = ReturnType<typeof configSchema>;

/** The effective configuration, deep-frozen; stages get their sections of it. */
export type Config = ConfigOf<Schema>;

/** Dotted path of a key, such as `camera.width`. */
export type KeyPath = KeyPathOf<Schema>;
