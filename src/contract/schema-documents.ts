import { contentTypeOf, PAYLOAD_KINDS, type PayloadName } from './payload-kinds.js';
import { PAYLOADS } from './payload-schemas.js';
import { spellTopic, TOPIC_PARAMETERS } from './topic-spelling.js';
import { TOPICS, type TopicKey, type TopicSpec } from './topic-table.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** A JSON document. */
export type Json = Readonly<Record<string, unknown>>;

/** Names of all payloads. */
export const PAYLOAD_NAMES = Object.keys(PAYLOAD_KINDS) as PayloadName[];

/** A payload's JSON Schema 2020-12; of a plain text, that of the text as a JSON string. */
export function jsonSchemaOf(name: PayloadName): Json {
  return { $schema: DIALECT, title: name, ...PAYLOADS[name] };
}

/**
 * All that is published, as AsyncAPI 3.0 with the bindings of MQTT.
 * @param version of Lookout.
 */
export function asyncApiDocument(version: string): Json {
  const keys = Object.keys(TOPICS) as TopicKey[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Lookout',
      version,
      description: 'What a camera sees, as plain states and events.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(keys.map((key) => [key, channelOf(key)])),
    operations: Object.fromEntries(keys.map((key) => [key, operationOf(key)])),
    components: {
      messages: Object.fromEntries(PAYLOAD_NAMES.map((name) => [name, messageOf(name)])),
    },
  };
}

function channelOf(key: TopicKey): Json {
  const { payload, doc } = TOPICS[key];
  const address = spellTopic(key, {});
  const names = Object.entries(TOPIC_PARAMETERS).filter(([name]) => address.includes(`{${name}}`));
  return {
    address,
    description: doc,
    parameters: Object.fromEntries(names.map(([name, description]) => [name, { description }])),
    messages: { [payload]: { $ref: `#/components/messages/${payload}` } },
  };
}

function operationOf(key: TopicKey): Json {
  const { payload, qos, retain, expiry }: TopicSpec = TOPICS[key];
  const notes = [
    ...(expiry === null ? [] : [`With MQTT 5 the broker forgets it after ${inWords(expiry)}.`]),
    ...(typeof retain === 'string' ? [`Retained where \`${retain}\` says so.`] : []),
  ];
  return {
    action: 'send',
    channel: { $ref: `#/channels/${key}` },
    messages: [{ $ref: `#/channels/${key}/messages/${payload}` }],
    bindings: { mqtt: { qos, retain: retain === true, bindingVersion: '0.2.0' } },
    ...(notes.length > 0 && { description: notes.join(' ') }),
  };
}

function messageOf(name: PayloadName): Json {
  const contentType = contentTypeOf(name) ?? 'text/plain';
  return { name, contentType, payload: PAYLOADS[name] };
}

function inWords(expiry: number | string): string {
  return typeof expiry === 'number' ? `${expiry} s` : `\`${expiry}\``;
}
