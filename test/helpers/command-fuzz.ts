import {
  COMMAND_NAMES,
  type CommandName,
  specOf,
  topicPatternOf,
} from '../../src/commands/command-table.js';
import type { Schema } from '../../src/commands/json-schema.js';
import type { IncomingMessage, MessageProperties } from '../../src/contract/incoming-message.js';
import { NOW_MS } from './command-desk.js';
import { seededInteger } from './seeded-random.js';

type Random = () => number;

const SPECIAL_TEXTS = [
  ...['', '\0', '__proto__', 'constructor', 'toString', 'ON', 'OFF', 'info', 'cats', 'porch'],
  ...['\u202e', '\ud800', '\udfff\ud800', '😀', 'é'.normalize('NFD'), '\u2028', '../../etc/passwd'],
  ...['NaN', '-0', '1e999', '0.5', '07', '+', '#', '$SYS', 'a/b', '1970-01-01T00:00:00Z'],
];

const SOUND_ARGS: ReadonlyMap<CommandName, object> = new Map([
  ['model/load', { name: 'cats' }],
  ['log_level', { level: 'debug' }],
]);

/** The next of an endless row of messages, from sound commands to noise. */
export function fuzzedMessage(random: Random): IncomingMessage {
  const topic = fuzzedTopic(random);
  return {
    topic,
    payload: fuzzedPayload(random, topic),
    retain: random() < 0.05,
    properties: random() < 0.5 ? null : fuzzedProperties(random),
    receivedAtMs: NOW_MS,
  };
}

function fuzzedTopic(random: Random): string {
  const roll = random();
  const sound = `lookout/pi/${filledIn(topicPatternOf(pick(random, COMMAND_NAMES)), random)}`;
  if (roll < 0.8) return sound;
  if (roll < 0.85) return `lookout/pi/request/${pick(random, SPECIAL_TEXTS)}`;
  if (roll < 0.9) return `lookout/pi/cam/${pick(random, SPECIAL_TEXTS)}/set/detect`;
  if (roll < 0.94)
    return `${sound}/${pick(random, SPECIAL_TEXTS).repeat(seededInteger(random, 5_000))}`;
  if (roll < 0.97) return spliced(sound, random);
  return pick(random, SPECIAL_TEXTS).repeat(seededInteger(random, 1_000));
}

function filledIn(pattern: string, random: Random): string {
  const ids = ['person', 'drive', 'Person', 'x'.repeat(65), '__proto__'];
  return pattern
    .replace('{camera}', random() < 0.9 ? 'porch' : 'barn')
    .replace(/\{\w+\}/, random() < 0.8 ? 'person' : pick(random, ids));
}

function fuzzedPayload(random: Random, topic: string): Uint8Array {
  const roll = random();
  if (roll < 0.4) return encoded(JSON.stringify(soundEnvelope(random, topic)));
  if (roll < 0.5) return encoded(pick(random, SPECIAL_TEXTS));
  if (roll < 0.6) return encoded(JSON.stringify(fuzzedEnvelope(random)));
  if (roll < 0.7) return encoded(spliced(JSON.stringify(soundEnvelope(random, topic)), random));
  if (roll < 0.75) return encoded(nested(random));
  if (roll < 0.8)
    return encoded(`{"__proto__":{"id":"p"},"id":"${'i'.repeat(seededInteger(random, 300))}"}`);
  if (roll < 0.85) return encoded(String.raw`{"id":"\ud800\u0000","args":{"name":"\udc00"}}`);
  if (roll < 0.9) return new Uint8Array(0);
  const length = seededInteger(random, roll < 0.93 ? 40_000 : 60);
  return Uint8Array.from({ length }, () => seededInteger(random, 256));
}

/** What the command of the topic takes, mostly. */
function soundEnvelope(random: Random, topic: string): object {
  const name = COMMAND_NAMES.find((known) => topic.includes(pathOf(known))) ?? 'ping';
  const spec = specOf(name);
  const args = spec.kind === 'setting' ? soundValue(spec.value, random) : SOUND_ARGS.get(name);
  return {
    ...(random() < 0.7 && { id: `id-${seededInteger(random, 60)}` }),
    args: args ?? {},
    ...(random() < 0.2 && { issued_at: fuzzedTime(random) }),
  };
}

function soundValue(schema: Schema, random: Random): unknown {
  if (schema === true) return null;
  if ('enum' in schema) return pick(random, schema.enum);
  return schema.type === 'number' ? random() : 'cats';
}

function fuzzedTime(random: Random): string {
  if (random() < 0.2) return '2026-99-99T00:00:00Z';
  return new Date(NOW_MS + (random() - 0.5) * 200_000).toISOString();
}

function fuzzedEnvelope(random: Random): unknown {
  const names = ['id', 'args', 'issued_at', 'v', 'file', 'name', 'level', 'camera', '__proto__'];
  return Object.fromEntries(
    Array.from({ length: seededInteger(random, 4) }, () => [
      pick(random, names),
      fuzzedValue(random, 3),
    ]),
  );
}

function fuzzedValue(random: Random, depth: number): unknown {
  const leaves = [...SPECIAL_TEXTS, 0, -1, 0.5, 1e308, null, true, 'x'.repeat(2_000)];
  if (depth === 0 || random() < 0.5) return pick(random, leaves);
  const items = Array.from({ length: seededInteger(random, 4) }, () =>
    fuzzedValue(random, depth - 1),
  );
  if (random() < 0.5) return items;
  return Object.fromEntries(items.map((item) => [pick(random, SPECIAL_TEXTS), item]));
}

function nested(random: Random): string {
  const depth = seededInteger(random, 9_000);
  const [open, close] = random() < 0.5 ? ['[', ']'] : ['{"a":', '}'];
  return `{"id":"deep","args":${open.repeat(depth)}1${close.repeat(random() < 0.5 ? depth : 0)}}`;
}

function fuzzedProperties(random: Random): MessageProperties {
  const topics = [
    ...['replies/me', 'replies/#', 'replies/+/x', '', 'lookout/pi/request/restart', '$SYS/x'],
    ...['lookout/pi/status', 'lookout/pi/response/ping', 'homeassistant/x', 'a\0b'],
    'x'.repeat(seededInteger(random, 70_000)),
  ];
  const topic = random() < 0.6 ? 'replies/me' : pick(random, topics);
  return {
    responseTopic: random() < 0.2 ? undefined : topic,
    correlationData:
      random() < 0.2
        ? undefined
        : Uint8Array.from({ length: seededInteger(random, 1_100) }, () =>
            seededInteger(random, 256),
          ),
    messageExpiryInterval: random() < 0.7 ? undefined : seededInteger(random, 100),
  };
}

function pathOf(name: CommandName): string {
  return name.startsWith('set/') ? `/${name}` : `/request/${name}`;
}

/** The text with a piece cut out and something else put there. */
function spliced(text: string, random: Random): string {
  const at = seededInteger(random, text.length + 1);
  const cut = seededInteger(random, 4);
  return text.slice(0, at) + pick(random, SPECIAL_TEXTS) + text.slice(at + cut);
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[seededInteger(random, from.length)]!;
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
