import { connect, type MqttClient } from 'mqtt';

/** The library tries again after each of these, for ever. */
const RECONNECT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
const KEEPALIVE_S = 30;

export interface SubscriptionOptions {
  /** `mqtt://` or `mqtts://`. */
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly caPem: string | null;
  /** Topic filter. */
  readonly filter: string;
  readonly onMessage: (topic: string, payload: string) => void;
  /** Told of each change: connected, or why not. */
  readonly onLink: (state: 'connected' | string) => void;
}

/** Listens to topics of a broker until it is disposed of, across reconnections. */
export class Subscription implements AsyncDisposable {
  readonly #client: MqttClient;

  constructor(options: SubscriptionOptions) {
    const { url, username, password, caPem, filter, onMessage, onLink } = options;
    this.#client = connect(url, {
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepalive: KEEPALIVE_S,
      ...(username !== null && { username }),
      ...(password !== null && { password }),
      ...(caPem !== null && { ca: caPem }),
    });
    this.#client.on('connect', () => {
      onLink('connected');
      this.#client.subscribe(filter, { qos: 1 });
    });
    this.#client.on('error', (error) => onLink(error.message));
    this.#client.on('offline', () => onLink('the connection is lost'));
    this.#client.on('message', (topic, payload) => onMessage(topic, payload.toString('utf8')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }
}
