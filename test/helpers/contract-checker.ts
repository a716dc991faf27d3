import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { PayloadName } from '../../src/contract/payload-kinds.js';
import { jsonSchemaOf, PAYLOAD_NAMES } from '../../src/contract/schema-documents.js';
import { spellTopic } from '../../src/contract/topic-spelling.js';
import { formOf, TOPICS, type TopicKey, type TopicSpec } from '../../src/contract/topic-table.js';
import type { SeenMessage } from './mosquitto-subscriber.js';

/** As the keys are unless they are given. */
const TTL_S: Readonly<Record<string, number>> = {
  'mqtt.event_ttl_s': 3_600,
  'mqtt.history_ttl_s': 86_400,
  'mqtt.image_ttl_s': 3_600,
};

/** Holds messages that a broker gave out against the contract's declaration. */
export class ContractChecker {
  readonly #topics: readonly { readonly key: TopicKey; readonly pattern: RegExp }[];
  readonly #validators: ReadonlyMap<PayloadName, ValidateFunction>;
  readonly #seen = new Set<TopicKey>();

  constructor(ids: { readonly base: string; readonly node: string; readonly prefix: string }) {
    const keys = Object.keys(TOPICS) as TopicKey[];
    this.#topics = keys.map((key) => {
      const levels = spellTopic(key, ids)
        .replace(/\{(verb|name)\}/, '[a-z0-9_/-]{1,128}')
        .replace(/\{\w+\}/g, '[a-z0-9_-]{1,64}');
      return { key, pattern: new RegExp(`^${levels}$`) };
    });
    // The schemas' own patterns check times.
    const ajv = new Ajv2020({ allErrors: true, formats: { 'date-time': true } });
    this.#validators = new Map(
      PAYLOAD_NAMES.map((name) => [name, ajv.compile(jsonSchemaOf(name))]),
    );
  }

  /** Declared topics that no message was on. */
  get unseen(): TopicKey[] {
    return (Object.keys(TOPICS) as TopicKey[]).filter((key) => !this.#seen.has(key));
  }

  /** What of the message is not as declared; empty when all is well. */
  problemsOf({ topic, payload, retain, qos, contentType, expiryS }: SeenMessage): string[] {
    const key = this.#topics.find(({ pattern }) => pattern.test(topic))?.key;
    if (key === undefined) return [`${topic} is not declared`];
    const spec: TopicSpec = TOPICS[key];
    const problems: string[] = [];
    const isRetained = spec.retain === true || spec.retain === 'discovery.retain';
    if (retain !== isRetained) problems.push(`${topic} has retain ${retain}`);
    if (qos !== spec.qos) problems.push(`${topic} has QoS ${qos}`);
    // A cleared topic.
    if (payload === '' && isRetained) return problems;
    this.#seen.add(key);
    const { contentType: expectedType, expiryS: expected } = formOf(key, TTL_S[spec.expiry ?? 0]);
    if (contentType !== (expectedType ?? '')) problems.push(`${topic} has type ${contentType}`);
    const isJson = expectedType === 'application/json';
    if (expiryS !== `${expected ?? ''}`) problems.push(`${topic} has expiry ${expiryS}`);
    const validate = this.#validators.get(spec.payload);
    if (validate?.(isJson ? JSON.parse(payload) : payload)) return problems;
    const errors = validate?.errors ?? [];
    return [
      ...problems,
      ...errors.map((error) => `${topic}${error.instancePath}: ${error.message}`),
    ];
  }
}
