import type { ListenPlace } from '../async/listen.js';
import type { EmbeddedBroker } from '../broker/embedded-broker.js';
import type { Config } from '../config/schema.js';
import type { BrokerSecrets } from '../config/secrets.js';
import type { Log } from '../log.js';
import { parseBrokerUrl } from '../publishing/broker-address.js';

/**
 * Starts a broker in this process that lets everyone in.
 * @throws Error when it cannot listen.
 */
export async function startOpenBroker(place: ListenPlace, log: Log): Promise<EmbeddedBroker> {
  return await startBroker({ ...place, credentials: null }, log);
}

/**
 * Starts the broker in this process that the configuration asks for; null where it does not.
 * @throws Error when it cannot listen.
 */
export async function startConfiguredBroker(
  { mqtt }: Pick<Config, 'mqtt'>,
  { password }: BrokerSecrets,
  log: Log,
): Promise<EmbeddedBroker | null> {
  if (!mqtt.embedded) return null;
  const { host, port } = parseBrokerUrl(mqtt.url);
  const { username } = mqtt;
  const credentials = username === null ? null : { username, password: password ?? '' };
  return await startBroker({ host, port, tries: 1, credentials }, log);
}

/** Loads it only now: few have a broker in the process, and others do without its code. */
async function startBroker(
  ...[options, log]: Parameters<typeof EmbeddedBroker.start>
): Promise<EmbeddedBroker> {
  const { EmbeddedBroker: Broker } = await import('../broker/embedded-broker.js');
  return await Broker.start(options, log);
}
