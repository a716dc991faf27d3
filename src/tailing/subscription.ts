import { MqttClient } from 'mqtt';
import { delay } from '../async/abort.js';
import { failureOf } from '../publishing/link-failure.js';
import { type Endpoint, openStream } from '../publishing/open-stream.js';

const RECONNECT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
const KEEPALIVE_S = 30;

export interface SubscriptionOptions {
  readonly endpoint: Endpoint;
  readonly username: string | null;
  readonly password: string | null;
  /** Topic filter. */
  readonly filter: string;
  readonly onMessage: (topic: string, payload: string) => void;
  /** Told of each change: connected, or why not. */
  readonly onLink: (state: 'connected' | string) => void;
}

/** Listens to topics of a broker until it is disposed of, across reconnections. */
export class Subscription implements AsyncDisposable {
  readonly #stop: AbortController;
  readonly #running: Promise<void>;

  private constructor(stop: AbortController, running: Promise<void>) {
    this.#stop = stop;
    this.#running = running;
  }

  /** Begins to connect, and keeps at it until disposal. */
  static start(options: SubscriptionOptions): Subscription {
    const stop = new AbortController();
    return new Subscription(stop, listen(options, stop.signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

async function listen(options: SubscriptionOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const reason = await oneConnection(options, signal);
    if (signal.aborted) break;
    options.onLink(reason);
    await delay(RECONNECT_MS, signal);
  }
}

/** @returns why it ended. */
async function oneConnection(options: SubscriptionOptions, signal: AbortSignal): Promise<string> {
  const opening = await openStream(options.endpoint, signal);
  if (opening.kind === 'failed') return opening.failure.detail;
  const { stream } = opening;
  const { username, password, filter, onMessage, onLink } = options;
  const client = new MqttClient(() => stream, {
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: KEEPALIVE_S,
    ...(username !== null && { username }),
    ...(password !== null && { password }),
  });
  let reason = 'the connection is lost';
  client.on('connect', () => {
    onLink('connected');
    client.subscribe(filter, { qos: 1 });
  });
  client.on('error', (error) => {
    reason = failureOf(error, true).detail;
    stream.destroy();
  });
  client.on('message', (topic, payload) => onMessage(topic, payload.toString('utf8')));
  const giveUp = () => stream.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  await new Promise<void>((resolve) => client.once('close', resolve));
  signal.removeEventListener('abort', giveUp);
  client.end(true);
  return reason;
}
