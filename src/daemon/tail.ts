import type { Config } from '../config/schema.js';
import type { BrokerSecrets } from '../config/secrets.js';
import { endpointOf, parseBrokerUrl } from '../publishing/broker-address.js';
import { Subscription } from '../tailing/subscription.js';
import { describeTopics } from '../tailing/topic-text.js';

export interface TailJob {
  readonly mqtt: Pick<Config['mqtt'], 'url' | 'base' | 'username' | 'server_name'>;
  readonly secrets: BrokerSecrets;
  /** Takes a line for people, without its end. */
  readonly print: (line: string) => void;
  /** Takes what is wrong with the connection. */
  readonly complain: (line: string) => void;
}

/** Begins to print what is published, as a person would like to read it. */
export function startTail({ mqtt, secrets, print, complain }: TailJob): AsyncDisposable {
  const describe = describeTopics(mqtt.base);
  let lastComplaint = '';
  for (const warning of secrets.warnings) complain(warning);
  const address = parseBrokerUrl(mqtt.url);
  const { caPem, clientCertificate } = secrets;
  return Subscription.start({
    endpoint: endpointOf(address, { caPem, clientCertificate, serverName: mqtt.server_name }),
    username: mqtt.username ?? address.username,
    password: secrets.password ?? address.password,
    filter: `${mqtt.base}/#`,
    onMessage: (topic, payload) => {
      const said = describe(topic, payload);
      if (said !== null) print(`${timeOfDay()}  ${said}`);
    },
    onLink: (state) => {
      if (state === 'connected') lastComplaint = '';
      else if (state !== lastComplaint) complain(`${address.display}: ${state}; trying again`);
      lastComplaint = state;
    },
  });
}

function timeOfDay(): string {
  return new Date().toTimeString().slice(0, 8);
}
