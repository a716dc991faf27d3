import type { EventFlow, KeptParcel } from './event-flow.js';
import type { EventParcel } from './live-events.js';
import type { LooseMessages, LooseParcel } from './loose-messages.js';
import type { PreambleParcel, PreambleQueue } from './preamble.js';
import type { Replies, ReplyParcel } from './replies.js';
import type { RetainedStates, StateParcel } from './retained-states.js';

/** The node's availability on its way to the broker. */
export interface StatusParcel {
  readonly kind: 'status';
  readonly status: 'online' | 'offline';
}

export type Parcel =
  | PreambleParcel
  | StateParcel
  | EventParcel
  | KeptParcel
  | StatusParcel
  | ReplyParcel
  | LooseParcel;

/** What is to be sent. */
export interface SendQueues {
  readonly preamble: PreambleQueue;
  readonly states: RetainedStates;
  readonly events: EventFlow;
  readonly replies: Replies;
  readonly loose: LooseMessages;
}

/**
 * Decides what goes out next on a connection (docs/mqtt.md): the preamble, all retained states in
 * one pass, then `online`, then answers, and events and changed states in turns, so that neither
 * can starve the other, then what may be lost; at the end, when nothing is left, `offline`. Availability comes last
 * because whoever acts on it may rely on every other state being right.
 */
export class SendOrder {
  readonly #preamble: PreambleQueue;
  readonly #states: RetainedStates;
  readonly #events: EventFlow;
  readonly #replies: Replies;
  readonly #loose: LooseMessages;
  #unannounced = 0;
  #status: 'untold' | 'online' | 'offline' = 'untold';
  #isClosing = false;
  #isFinished = false;
  #isStatesTurn = false;

  constructor({ preamble, states, events, replies, loose }: SendQueues) {
    this.#preamble = preamble;
    this.#states = states;
    this.#events = events;
    this.#replies = replies;
    this.#loose = loose;
  }

  /** Begins a new connection. */
  startOver(nowMs: number): void {
    this.#preamble.startOver();
    this.#unannounced = this.#states.startOver();
    this.#events.startOver(nowMs);
    this.#loose.startOver();
    this.#status = 'untold';
  }

  /** Tells everything that is retained again, and `online` after it. */
  announce(): void {
    if (this.#isClosing) return;
    this.#preamble.startOver();
    this.#unannounced = this.#states.repeat();
    this.#status = 'untold';
  }

  /** The connection has ended. */
  cutOff(): void {
    this.#events.cutOff();
    this.#loose.cutOff();
  }

  /** When there may be more, on the clock of `nowMs`; null: not by waiting. */
  get wakeAtMs(): number | null {
    return this.#events.drainAtMs;
  }

  /** Asks for `offline` once all states and new events have been handed over. */
  close(): void {
    this.#isClosing = true;
    this.#events.close();
  }

  /** Whether the broker has acknowledged `offline`, the last message. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** The next message, or null when there is none or all there are wait for an answer. */
  next(nowMs: number): Parcel | null {
    const first = this.#preamble.take();
    if (first !== null) return first;
    if (this.#unannounced > 0) {
      // States set meanwhile line up behind: the first ones taken are those of the announcement.
      this.#unannounced -= 1;
      return this.#states.take();
    }
    if (this.#status === 'untold' && !this.#isClosing) return this.#tell('online');
    return this.#replies.take() ?? this.#nextInTurn(nowMs) ?? this.#rest();
  }

  /** Says that the broker has answered for the message. */
  acknowledge(parcel: Parcel): void {
    switch (parcel.kind) {
      case 'preamble':
        this.#preamble.acknowledge(parcel);
        break;
      case 'state':
        this.#states.acknowledge(parcel.topic);
        break;
      case 'event':
      case 'kept':
        this.#events.acknowledge(parcel);
        break;
      case 'loose':
        this.#loose.acknowledge(parcel);
        break;
      case 'reply':
        break;
      case 'status':
        this.#isFinished = parcel.status === 'offline';
        break;
      default:
        parcel satisfies never;
    }
  }

  #nextInTurn(nowMs: number): Parcel | null {
    this.#isStatesTurn = !this.#isStatesTurn;
    return this.#isStatesTurn
      ? (this.#states.take() ?? this.#events.take(nowMs))
      : (this.#events.take(nowMs) ?? this.#states.take());
  }

  #rest(): LooseParcel | StatusParcel | null {
    return this.#isClosing ? this.#farewell() : this.#loose.take();
  }

  #farewell(): StatusParcel | null {
    const isDue = this.#isClosing && this.#status !== 'offline' && !this.#states.hasDue;
    return isDue ? this.#tell('offline') : null;
  }

  #tell(status: 'online' | 'offline'): StatusParcel {
    this.#status = status;
    return { kind: 'status', status };
  }
}
