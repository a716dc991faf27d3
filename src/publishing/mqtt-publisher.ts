import type { Reply } from '../contract/reply.js';
import type { TrackEvent } from '../domain/track-event.js';
import type { Log } from '../log.js';
import { brokerAt } from './broker-login.js';
import { type Broker, brokerSessions } from './broker-sessions.js';
import { ClientIdConflict, type Conflict } from './client-id-conflict.js';
import type { EventBacklog } from './event-backlog.js';
import { EventFlow } from './event-flow.js';
import { keptEvent } from './event-messages.js';
import { LiveEvents } from './live-events.js';
import { newMessageId } from './messages.js';
import { type Sender, statusMessage } from './outgoing-message.js';
import { PreambleQueue } from './preamble.js';
import type { Publisher, StateUpdate } from './publisher.js';
import type { PublisherCounters } from './publisher-counters.js';
import type { Inbox, MqttPublisherOptions } from './publisher-options.js';
import { Replies } from './replies.js';
import type { RetainedManifest } from './retained-manifest.js';
import { SendLoop } from './send-loop.js';
import { SendOrder } from './send-order.js';
import type { Session } from './session.js';
import { StateBoard } from './state-board.js';
import { topicsOf } from './topics.js';

/** All told, disposal takes no longer than this and the 200 ms of the good-bye. */
const FLUSH_MS = 1_500;
/** Events kept while the broker is away or slow. */
const MAX_EVENTS = 512;
/** Some states are told a little later than the first connection stands. */
const LEFTOVERS_AFTER_MS = 3_000;
/** Answers to commands that wait for the broker. */
const MAX_REPLIES = 64;

/** Publishes to MQTT as the contract says: states retained, events live, availability last. */
export class MqttPublisher implements Publisher {
  readonly #sender: Sender;
  readonly #log: Log;
  readonly #board: StateBoard;
  readonly #events: LiveEvents;
  readonly #backlog: EventBacklog | null;
  readonly #flow: EventFlow;
  readonly #replies = new Replies(MAX_REPLIES);
  readonly #order: SendOrder;
  readonly #conflict = new ClientIdConflict();
  readonly #loop: SendLoop;
  readonly #manifest: RetainedManifest | null;
  readonly #inbox: Inbox | null;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #session: Session | null = null;
  #isAway = false;
  #isClosing = false;
  #connections = 0;
  #lostEventsTold = 0;
  #refusalTold = false;
  #topicsNoted: readonly string[] = [];
  #leftovers: readonly string[] = [];
  #connectedSinceMs: number | null = null;

  private constructor(options: MqttPublisherOptions, log: Log) {
    const { baseTopic, nodeId, cameraId, liveWindowMs, backlog } = options;
    const topics = topicsOf({ base: baseTopic, node: nodeId, camera: cameraId });
    const sender: Sender = { ...options, topics };
    this.#sender = sender;
    this.#log = log;
    this.#board = new StateBoard(topics);
    const maxAgeMs = backlog === null ? liveWindowMs : Number.POSITIVE_INFINITY;
    this.#events = new LiveEvents({ maxEvents: MAX_EVENTS, maxAgeMs });
    this.#backlog = backlog;
    this.#flow = new EventFlow({
      ...{ live: this.#events, backlog, liveWindowMs },
      keep: (parcel) => keptEvent(parcel, sender),
    });
    this.#order = new SendOrder({
      preamble: new PreambleQueue(options.preamble),
      states: this.#board.states,
      events: this.#flow,
      replies: this.#replies,
    });
    this.#loop = new SendLoop(this.#order, sender, log);
    this.#manifest = options.manifest;
    this.#inbox = options.inbox;
  }

  /**
   * Begins to connect, and keeps at it until disposal.
   * @throws ConfigError when the URL cannot be used.
   */
  static start(options: MqttPublisherOptions, log: Log): MqttPublisher {
    const publisher = new MqttPublisher(options, log);
    const broker = brokerAt(options, {
      will: statusMessage(publisher.#sender.topics, 'offline'),
      onMessage: (message) => options.inbox?.receive(message),
      conflict: publisher.#conflict,
    });
    publisher.#running = publisher.#run(broker, publisher.#stop.signal);
    return publisher;
  }

  get counters(): PublisherCounters {
    return {
      published: this.#loop.published,
      refused: this.#loop.refused,
      droppedEvents: this.#events.dropped,
      pendingEvents: this.#events.size,
      refusedStates: this.#board.states.refused,
      reconnects: Math.max(0, this.#connections - 1),
      connectedSinceMs: this.#connectedSinceMs,
      backlog: this.#backlog?.counters ?? null,
    };
  }

  /** Another client that uses our client id; null while there is none. */
  get conflict(): Conflict | null {
    return this.#conflict.at(performance.now());
  }

  setState(update: StateUpdate): void {
    if (this.#isClosing) return;
    this.#board.apply(update);
    this.#noteTopics();
    this.#loop.pump();
  }

  publishEvent(event: TrackEvent): void {
    if (this.#isClosing) return;
    this.#events.push(event, newMessageId(), performance.now());
    this.#flow.pushed();
    this.#loop.pump();
  }

  /** To be called when the backlog may have something to take. */
  wake(): void {
    this.#loop.pump();
  }

  /** Answers a command. */
  reply(reply: Reply): void {
    this.#replies.push(reply);
    this.#loop.pump();
  }

  /** Tells everything that is retained again, availability last. */
  announce(): void {
    this.#order.announce();
    this.#loop.pump();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosing) return this.#running;
    this.#isClosing = true;
    this.#clearLeftovers();
    this.#board.zero();
    this.#order.close();
    await this.#flushed();
    this.#stop.abort();
    await this.#session?.close();
    await this.#running;
    this.#flow.cutOff();
    await this.#backlog?.[Symbol.asyncDispose]();
    await this.#manifest?.[Symbol.asyncDispose]();
    this.#reportLostEvents(this.#events.size);
  }

  /** Waits for the last acknowledgement, but not for a broker that is known to be away. */
  #flushed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, FLUSH_MS);
      this.#loop.onFinished = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#isAway) this.#loop.onFinished();
      this.#loop.pump();
    });
  }

  async #run(broker: Broker, signal: AbortSignal): Promise<void> {
    this.#leftovers = (await this.#manifest?.read()) ?? [];
    for await (const attempt of brokerSessions(broker, this.#log, signal)) {
      this.#isAway = attempt.kind === 'failed';
      if (attempt.kind === 'failed') this.#loop.onFinished();
      else if (signal.aborted) await attempt.session.close();
      else await this.#serve(attempt.session);
    }
  }

  async #serve(session: Session): Promise<void> {
    this.#session = session;
    this.#connections += 1;
    this.#connectedSinceMs = Date.now();
    this.#board.setProtocol(session.protocol);
    this.#noteTopics();
    // Before anything is told: who reads `online` may ask.
    await this.#listen(session);
    this.#loop.use(session);
    this.#reportLostEvents(0);
    const timer = setTimeout(() => this.#clearLeftovers(), LEFTOVERS_AFTER_MS).unref();
    await session.closed;
    clearTimeout(timer);
    this.#loop.use(null);
    this.#session = null;
    this.#connectedSinceMs = null;
  }

  /** What an earlier run has left and this one has not told by now, it does not have. */
  #clearLeftovers(): void {
    this.#board.states.adopt(this.#leftovers);
    this.#leftovers = [];
    this.#loop.pump();
  }

  async #listen(session: Session): Promise<void> {
    const { filters = [] } = this.#inbox ?? {};
    if (filters.length === 0) return;
    const refused = await session.subscribe({ filters, wantsRetained: false });
    if (refused.length === 0 || this.#refusalTold) return;
    this.#refusalTold = true;
    this.#log.error('The broker lets us not listen to topics; what is sent there has no effect', {
      refused,
    });
  }

  #noteTopics(): void {
    const { topics } = this.#board.states;
    if (topics === this.#topicsNoted) return;
    this.#topicsNoted = topics;
    this.#manifest?.note([...topics, ...this.#leftovers, this.#sender.topics.status]);
  }

  #reportLostEvents(unsent: number): void {
    const { queueFull, tooOld } = this.#events.dropped;
    const lost = queueFull + tooOld + unsent - this.#lostEventsTold;
    if (lost === 0) return;
    this.#log.warn(`Events lost because the broker did not take them in time: ${lost}`);
    this.#lostEventsTold += lost;
  }
}
