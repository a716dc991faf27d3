import { ConfigKey, type SchemaTree } from './config-key.js';
import { choice, flag, text, topicText } from './formats.js';

/** Keys of the section `discovery`. */
export function discoveryKeys() {
  return {
    enabled: new ConfigKey(
      'Whether Home Assistant is told what there is; without one at the broker it does no harm.',
      flag(),
      true,
    ),
    prefix: new ConfigKey(
      'First level or levels of the topics that it looks for devices at.',
      topicText(),
      'homeassistant',
    ),
    mode: new ConfigKey(
      'One message a device, or one an entity for Home Assistant before 2024.11 and programs like it.',
      choice('device', 'component'),
      'device',
    ),
    entities: new ConfigKey(
      'How many entities it is shown; see docs/home-assistant.md.',
      choice('minimal', 'standard', 'all'),
      'standard',
    ),
    retain: new ConfigKey(
      'Whether the broker keeps what it is told; programs that announce no start of theirs need that.',
      flag(),
      true,
    ),
    birth_topic: new ConfigKey(
      'Topic at which Home Assistant says that it has started.',
      topicText(),
      'homeassistant/status',
    ),
    birth_payload: new ConfigKey('What it says there.', text('text'), 'online'),
  } as const satisfies SchemaTree;
}
