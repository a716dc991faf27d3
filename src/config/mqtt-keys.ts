import { ConfigKey } from './config-key.js';
import { choice, flag, hostText, integer, number, orNull, slugPath, text, url } from './formats.js';

/** The keys below `mqtt`. */
export function mqttKeys() {
  return {
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
    publish_images: new ConfigKey(
      'Whether pictures of events are published, until a command says otherwise.',
      flag(),
      false,
    ),
    image_retain: new ConfigKey(
      'Whether the broker keeps the last picture of each label for those who come later.',
      flag(),
      false,
    ),
    image_ttl_s: new ConfigKey(
      'Time for which the broker keeps such a picture, or one for a subscriber who is away.',
      integer({ min: 1, max: 2_592_000, note: 's' }),
      3600,
    ),
  };
}
