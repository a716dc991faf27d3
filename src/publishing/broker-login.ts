import { endpointOf, parseBrokerUrl } from './broker-address.js';
import type { Broker } from './broker-sessions.js';
import type { ClientIdConflict } from './client-id-conflict.js';
import { openSession } from './mqtt-connection.js';
import type { MqttPublisherOptions } from './publisher-options.js';
import type { Login } from './session.js';

/** How to reach a broker, and as whom. */
export type BrokerOptions = Pick<
  MqttPublisherOptions,
  'url' | 'username' | 'password' | 'clientId' | 'protocol' | 'tls' | 'notBefore'
>;

/** What goes with a connection besides how it is reached. */
export interface ConnectionParts extends Pick<Login, 'will' | 'onMessage'> {
  readonly conflict: ClientIdConflict;
}

/**
 * The broker of these options.
 * @throws ConfigError when the URL cannot be used.
 */
export function brokerAt(options: BrokerOptions, parts: ConnectionParts): Broker {
  const address = parseBrokerUrl(options.url);
  const { will, onMessage, conflict } = parts;
  const { clientId, protocol, notBefore } = options;
  const login: Omit<Login, 'endpoint'> = {
    clientId,
    username: options.username ?? address.username,
    password: options.password ?? address.password,
    will,
    onMessage,
  };
  return {
    display: address.display,
    clientId,
    conflict,
    protocol,
    open: async (version, signal) => {
      await notBefore;
      const endpoint = endpointOf(address, await options.tls());
      return await openSession({ ...login, endpoint }, version, signal);
    },
  };
}
