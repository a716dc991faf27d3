import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';
import { type ListenPlace, listen, portOf } from '../async/listen.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';

const MAX_CLIENTS = 64;
const MAX_PAYLOAD_BYTES = 256 << 10;
const MAX_RETAINED_TOPICS = 16_384;
const MAX_SUBSCRIPTIONS_PER_CLIENT = 256;
/** A subscriber that takes nothing for so long is dropped: it would hold up all others. */
const DRAIN_TIMEOUT_MS = 5_000;

export interface EmbeddedBrokerOptions extends ListenPlace {
  /** What clients must give; null lets everyone in. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

/**
 * An MQTT 3.1.1 broker in this process, for a single box that has no other. Retained messages are
 * kept in memory: after a restart Lookout tells them again. Sessions end with their connection.
 */
export class EmbeddedBroker implements AsyncDisposable {
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #retained = new Set<string>();
  readonly #subscriptions = new WeakMap<Client, Set<string>>();
  readonly #log: Log;

  private constructor(aedes: Aedes, log: Log) {
    this.#aedes = aedes;
    this.#log = log;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CLIENTS;
  }

  /** @throws Error when it cannot listen on any of the ports. */
  static async start(options: EmbeddedBrokerOptions, log: Log): Promise<EmbeddedBroker> {
    const aedes = await Aedes.createBroker({ drainTimeout: DRAIN_TIMEOUT_MS });
    const broker = new EmbeddedBroker(aedes, log);
    broker.#guard(options.credentials);
    try {
      await listen(broker.#server, options, 'start the embedded broker');
    } catch (error) {
      await broker[Symbol.asyncDispose]();
      throw error;
    }
    return broker;
  }

  /** The port that it listens on. */
  get port(): number {
    return portOf(this.#server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : null;
    this.#server.close();
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    this.#aedes.handle(socket);
  }

  #guard(credentials: EmbeddedBrokerOptions['credentials']): void {
    const aedes = this.#aedes;
    if (credentials !== null) {
      aedes.authenticate = (_client, username, password, done) => {
        const isKnown =
          username === credentials.username && password?.toString() === credentials.password;
        done(null, isKnown);
      };
    }
    // What is kept for clients that are away would have no limit.
    aedes.preConnect = (_client, packet, done) => {
      packet.clean = true;
      done(null, true);
    };
    aedes.authorizeSubscribe = (client, subscription, done) => {
      const topics = this.#subscriptions.get(client) ?? new Set();
      this.#subscriptions.set(client, topics);
      const isAllowed = topics.size < MAX_SUBSCRIPTIONS_PER_CLIENT;
      if (isAllowed) topics.add(subscription.topic);
      done(null, isAllowed ? subscription : null);
    };
    aedes.on('unsubscribe', (topics, client) => {
      for (const topic of topics) this.#subscriptions.get(client)?.delete(topic);
    });
    aedes.authorizePublish = (_client, { topic, payload, retain }, done) => {
      const bytes = Buffer.byteLength(payload);
      if (bytes > MAX_PAYLOAD_BYTES) {
        done(new Error(`a message of ${bytes} bytes is too large`));
        return;
      }
      if (retain) {
        if (bytes === 0) this.#retained.delete(topic);
        else if (this.#retained.size < MAX_RETAINED_TOPICS) this.#retained.add(topic);
        else if (!this.#retained.has(topic)) {
          done(new Error('there are too many retained topics'));
          return;
        }
      }
      done(null);
    };
    aedes.on('clientError', (client, error) => {
      this.#log.debug('A client of the embedded broker failed', {
        id: client.id,
        error: messageOf(error),
      });
    });
    aedes.on('connectionError', (_client, error) => {
      this.#log.debug('A connection to the embedded broker failed', { error: messageOf(error) });
    });
  }
}
