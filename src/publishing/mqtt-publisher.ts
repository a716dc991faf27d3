import type { TrackEvent } from '../domain/track-event.js';
import type { Log } from '../log.js';
import { endpointOf, parseBrokerUrl } from './broker-address.js';
import { type Broker, brokerSessions } from './broker-sessions.js';
import { ClientIdConflict, type Conflict } from './client-id-conflict.js';
import { type DroppedEvents, LiveEvents } from './live-events.js';
import { newMessageId } from './messages.js';
import { type Login, openSession, type ProtocolVersion, type Session } from './mqtt-connection.js';
import type { TlsOptions } from './open-stream.js';
import { messageFor, type Sender, statusMessage } from './outgoing-message.js';
import type { Publisher, StateUpdate } from './publisher.js';
import { type Parcel, SendOrder } from './send-order.js';
import { StateBoard } from './state-board.js';
import { topicsOf } from './topics.js';

/** All told, disposal takes no longer than this and the 200 ms of the good-bye. */
const FLUSH_MS = 1_500;
/** Events kept while the broker is away or slow. */
const MAX_EVENTS = 512;

/** How to reach the broker, and under which names to publish. */
export interface MqttPublisherOptions {
  /** See `parseBrokerUrl`. */
  readonly url: string;
  /** They win over a user name and password in the URL; null: none, or those of the URL. */
  readonly username: string | null;
  readonly password: string | null;
  readonly clientId: string;
  /** MQTT version; `auto` is 5, or 3.1.1 with a broker that does not know 5. */
  readonly protocol: 'auto' | ProtocolVersion;
  /** What a URL with `mqtts` or `wss` needs. */
  readonly tls: TlsOptions;
  /** First level of every topic. */
  readonly baseTopic: string;
  /** Ids that match SLUG_PATTERN. */
  readonly nodeId: string;
  readonly cameraId: string;
  readonly bootId: string;
  /** How long the broker keeps an event for a subscriber that is away (MQTT 5). */
  readonly eventTtlS: number;
  /** An event that could not be sent for this long is dropped. */
  readonly liveWindowMs: number;
}

/** How publishing goes, since the start. */
export interface PublisherCounters {
  /** Messages that the broker acknowledged. */
  readonly published: number;
  /** Messages that the broker refused. */
  readonly refused: number;
  readonly droppedEvents: DroppedEvents;
  /** Events that wait for the broker now. */
  readonly pendingEvents: number;
  /** State values not kept because there are too many topics. */
  readonly refusedStates: number;
  readonly reconnects: number;
  /** Unix ms; null while there is no connection. */
  readonly connectedSinceMs: number | null;
}

/** Publishes to MQTT as the contract says: states retained, events live, availability last. */
export class MqttPublisher implements Publisher {
  readonly #sender: Sender;
  readonly #log: Log;
  readonly #board: StateBoard;
  readonly #events: LiveEvents;
  readonly #order: SendOrder;
  readonly #conflict = new ClientIdConflict();
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #session: Session | null = null;
  #inFlight = 0;
  #isAway = false;
  #isClosing = false;
  /** Ends the wait of a disposal. */
  #endFlush: () => void = () => undefined;
  #published = 0;
  #refused = 0;
  #connections = 0;
  #lostEventsTold = 0;
  #connectedSinceMs: number | null = null;

  private constructor(options: MqttPublisherOptions, log: Log) {
    const { baseTopic, nodeId, cameraId, bootId, eventTtlS, liveWindowMs } = options;
    const topics = topicsOf({ base: baseTopic, node: nodeId, camera: cameraId });
    this.#sender = { topics, nodeId, cameraId, bootId, eventTtlS };
    this.#log = log;
    this.#board = new StateBoard(topics);
    this.#events = new LiveEvents({ maxEvents: MAX_EVENTS, maxAgeMs: liveWindowMs });
    this.#order = new SendOrder(this.#board.states, this.#events);
  }

  /**
   * Begins to connect, and keeps at it until disposal.
   * @throws ConfigError when the URL cannot be used.
   */
  static start(options: MqttPublisherOptions, log: Log): MqttPublisher {
    const publisher = new MqttPublisher(options, log);
    const broker = brokerOf(options, publisher.#sender, publisher.#conflict);
    publisher.#running = publisher.#run(broker, publisher.#stop.signal);
    return publisher;
  }

  get counters(): PublisherCounters {
    return {
      published: this.#published,
      refused: this.#refused,
      droppedEvents: this.#events.dropped,
      pendingEvents: this.#events.size,
      refusedStates: this.#board.states.refused,
      reconnects: Math.max(0, this.#connections - 1),
      connectedSinceMs: this.#connectedSinceMs,
    };
  }

  /** Another client that uses our client id; null while there is none. */
  get conflict(): Conflict | null {
    return this.#conflict.at(performance.now());
  }

  setState(update: StateUpdate): void {
    if (this.#isClosing) return;
    this.#board.apply(update);
    this.#pump();
  }

  publishEvent(event: TrackEvent): void {
    if (this.#isClosing) return;
    this.#events.push(event, newMessageId(), performance.now());
    this.#pump();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosing) return this.#running;
    this.#isClosing = true;
    this.#board.zero();
    this.#order.close();
    await this.#flushed();
    this.#stop.abort();
    await this.#session?.close();
    await this.#running;
    this.#reportLostEvents(this.#events.size);
  }

  /** Waits for the last acknowledgement, but not for a broker that is known to be away. */
  #flushed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, FLUSH_MS);
      this.#endFlush = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#isAway) this.#endFlush();
      this.#pump();
    });
  }

  async #run(broker: Broker, signal: AbortSignal): Promise<void> {
    for await (const attempt of brokerSessions(broker, this.#log, signal)) {
      this.#isAway = attempt.kind === 'failed';
      if (attempt.kind === 'failed') this.#endFlush();
      else if (signal.aborted) await attempt.session.close();
      else await this.#serve(attempt.session);
    }
  }

  async #serve(session: Session): Promise<void> {
    this.#session = session;
    this.#inFlight = 0;
    this.#connections += 1;
    this.#connectedSinceMs = Date.now();
    this.#board.setProtocol(session.protocol);
    this.#order.startOver(performance.now());
    this.#reportLostEvents(0);
    this.#pump();
    await session.closed;
    this.#session = null;
    this.#connectedSinceMs = null;
  }

  /** Hands over as much as the connection takes; to be called whenever that may have changed. */
  #pump(): void {
    const session = this.#session;
    while (session && this.#inFlight < session.maxInFlight) {
      const parcel = this.#order.next(performance.now());
      if (parcel === null) break;
      this.#inFlight += 1;
      void this.#send(parcel, session);
    }
  }

  async #send(parcel: Parcel, session: Session): Promise<void> {
    const message = messageFor(parcel, this.#sender);
    const outcome = await session.publish(message);
    // What a connection that has ended left unanswered goes out again on the next one.
    if (outcome.kind === 'lost' || session !== this.#session) return;
    if (outcome.kind === 'delivered') this.#published += 1;
    else this.#noteRefusal(message.topic, outcome.reason);
    this.#inFlight -= 1;
    this.#order.acknowledge(parcel);
    if (this.#order.isFinished) this.#endFlush();
    this.#pump();
  }

  #reportLostEvents(unsent: number): void {
    const { queueFull, tooOld } = this.#events.dropped;
    const lost = queueFull + tooOld + unsent - this.#lostEventsTold;
    if (lost === 0) return;
    this.#log.warn(`Events lost because the broker did not take them in time: ${lost}`);
    this.#lostEventsTold += lost;
  }

  #noteRefusal(topic: string, reason: string): void {
    if (this.#refused === 0) {
      this.#log.error(`Cannot publish to "${topic}": ${reason}; further refusals are only counted`);
    }
    this.#refused += 1;
  }
}

function brokerOf(
  options: MqttPublisherOptions,
  { topics }: Sender,
  conflict: ClientIdConflict,
): Broker {
  const address = parseBrokerUrl(options.url);
  const login: Login = {
    endpoint: endpointOf(address, options.tls),
    clientId: options.clientId,
    username: options.username ?? address.username,
    password: options.password ?? address.password,
    will: statusMessage(topics, 'offline'),
  };
  return {
    display: address.display,
    clientId: options.clientId,
    conflict,
    protocol: options.protocol,
    open: (protocol, signal) => openSession(login, protocol, signal),
  };
}
