import type { Reply } from '../contract/reply.js';
import type { TrackEvent } from '../domain/track-event.js';
import type { Log } from '../log.js';
import { brokerAt } from './broker-login.js';
import { type Broker, brokerSessions } from './broker-sessions.js';
import { ClientIdConflict, type Conflict } from './client-id-conflict.js';
import type { EventBacklog } from './event-backlog.js';
import { EventFlow } from './event-flow.js';
import { keptEvent } from './event-messages.js';
import { Listener } from './listener.js';
import { LiveEvents } from './live-events.js';
import { LooseMessages } from './loose-messages.js';
import { LostEvents } from './lost-events.js';
import { MessageIds } from './message-ids.js';
import { type Sender, statusMessage } from './outgoing-message.js';
import { PreambleQueue } from './preamble.js';
import type { Publisher, StateUpdate } from './publisher.js';
import type { PublisherCounters } from './publisher-counters.js';
import type { MqttPublisherOptions } from './publisher-options.js';
import { Replies } from './replies.js';
import type { RetainedManifest } from './retained-manifest.js';
import { SendLoop } from './send-loop.js';
import { SendOrder } from './send-order.js';
import type { Message, Session } from './session.js';
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
/** Pictures that wait for a slow connection: some ten of them. */
const MAX_LOOSE_BYTES = 2 << 20;

/** Publishes to MQTT as the contract says: states retained, events live, availability last. */
export class MqttPublisher implements Publisher {
  readonly #sender: Sender;
  readonly #log: Log;
  readonly #board: StateBoard;
  readonly #events: LiveEvents;
  readonly #preamble: PreambleQueue;
  readonly #backlog: EventBacklog | null;
  readonly #flow: EventFlow;
  readonly #lostEvents: LostEvents;
  readonly #ids = new MessageIds();
  readonly #replies = new Replies(MAX_REPLIES);
  readonly #loose = new LooseMessages(MAX_LOOSE_BYTES);
  readonly #order: SendOrder;
  readonly #conflict = new ClientIdConflict();
  readonly #loop: SendLoop;
  readonly #manifest: RetainedManifest | null;
  readonly #listener: Listener;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #session: Session | null = null;
  #isAway = false;
  #isClosing = false;
  #connections = 0;
  #topicsNoted: readonly string[] = [];
  #leftovers: readonly string[] = [];
  #connectedSinceMs: number | null = null;

  private constructor(options: MqttPublisherOptions, log: Log) {
    const { baseTopic, nodeId, cameraId, liveWindowMs, backlog } = options;
    const topics = topicsOf({ base: baseTopic, node: nodeId, camera: cameraId });
    this.#sender = { ...options, topics };
    this.#log = log;
    this.#board = new StateBoard(topics, options.zones);
    this.#preamble = new PreambleQueue(options.preamble);
    const maxAgeMs = backlog === null ? liveWindowMs : Number.POSITIVE_INFINITY;
    this.#events = new LiveEvents({ maxEvents: MAX_EVENTS, maxAgeMs });
    this.#lostEvents = new LostEvents(this.#events, log);
    this.#backlog = backlog;
    this.#flow = new EventFlow({
      ...{ live: this.#events, backlog, liveWindowMs },
      keep: (parcel) => keptEvent(parcel, this.#sender),
    });
    this.#order = new SendOrder({
      ...{ preamble: this.#preamble, states: this.#board.states, events: this.#flow },
      ...{ replies: this.#replies, loose: this.#loose },
    });
    this.#loop = new SendLoop(this.#order, this.#sender, log);
    this.#manifest = options.manifest;
    this.#listener = new Listener(options.inbox, log);
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
      ...{ published: this.#loop.published, refused: this.#loop.refused },
      ...{ overtaken: this.#loose.dropped, droppedReplies: this.#replies.dropped },
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
    this.#loop.pumpSoon();
  }

  publishEvent(event: TrackEvent): string | null {
    if (this.#isClosing) return null;
    const id = this.#ids.next();
    this.#events.push(event, id, performance.now());
    this.#flow.pushed();
    this.#loop.pump();
    return id;
  }

  /** Publishes, if there is a connection, what takes the place of all of its kind that still wait. */
  publishLoose(kind: string, messages: readonly Message[]): void {
    this.#noteTopics(this.#loose.push(kind, messages));
    this.#loop.pump();
  }

  /** Topics that this run retains. */
  get retainedTopics(): readonly string[] {
    const ours = [...this.#board.states.topics, this.#sender.topics.status];
    return [...ours, ...this.#preamble.retainedTopics, ...this.#loose.topics];
  }

  /** Clears topics; drops what waits of a kind. */
  takeBack(topics: readonly string[], kind: string | null = null): void {
    this.#loose.forget(kind, topics);
    this.#board.states.adopt(topics);
    this.#noteTopics();
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
    // The preamble may have others now.
    this.#noteTopics(true);
    this.#order.announce();
    this.#loop.pump();
  }

  /**
   * Ends the connection so that the broker says `offline` at once: of a process that fails, what it
   * has told is not to be trusted. Only disposal is left to do.
   */
  abandon(): void {
    this.#isAway = true;
    this.#stop.abort();
    void this.#session?.close('with-will');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosing) return this.#running;
    this.#isClosing = true;
    this.#clearLeftovers();
    this.#board.zero();
    this.#order.close();
    // Not for a broker that is known to be away.
    if (!this.#isAway) await this.#loop.finish(FLUSH_MS);
    this.#stop.abort();
    // Where `offline` may not have arrived, the broker says it.
    await this.#session?.close(this.#order.isFinished ? 'done' : 'with-will');
    await this.#running;
    this.#flow.cutOff();
    await this.#backlog?.[Symbol.asyncDispose]();
    await this.#manifest?.[Symbol.asyncDispose]();
    this.#lostEvents.report(this.#events.size);
  }

  async #run(broker: Broker, signal: AbortSignal): Promise<void> {
    this.#leftovers = (await this.#manifest?.read()) ?? [];
    for await (const attempt of brokerSessions(broker, this.#log, signal)) {
      this.#isAway = attempt.kind === 'failed';
      if (attempt.kind === 'failed') this.#loop.giveUp();
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
    await this.#listener.listen(session);
    this.#loop.use(session);
    this.#lostEvents.report(0);
    const timer = setTimeout(() => this.#clearLeftovers(), LEFTOVERS_AFTER_MS).unref();
    await session.closed;
    clearTimeout(timer);
    this.#loop.use(null);
    this.#session = null;
    this.#connectedSinceMs = null;
  }

  /** What an earlier run has left and this one has not told by now, it does not have. */
  #clearLeftovers(): void {
    const kept = new Set(this.#preamble.retainedTopics);
    this.#board.states.adopt(this.#leftovers.filter((topic) => !kept.has(topic)));
    this.#leftovers = [];
    this.#loop.pump();
  }

  #noteTopics(haveOthersChanged = false): void {
    const { topics } = this.#board.states;
    if (topics === this.#topicsNoted && !haveOthersChanged) return;
    this.#topicsNoted = topics;
    this.#manifest?.note([...this.retainedTopics, ...this.#leftovers]);
  }
}
