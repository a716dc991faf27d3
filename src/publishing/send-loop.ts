import type { Log } from '../log.js';
import { messageFor, type Sender } from './outgoing-message.js';
import type { Parcel, SendOrder } from './send-order.js';
import type { Session } from './session.js';

/** Hands messages over to a connection, as many at a time as it takes. */
export class SendLoop {
  readonly #order: SendOrder;
  readonly #sender: Sender;
  readonly #log: Log;
  #session: Session | null = null;
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #published = 0;
  #refused = 0;
  #onFinished: () => void = () => {};

  constructor(order: SendOrder, sender: Sender, log: Log) {
    this.#order = order;
    this.#sender = sender;
    this.#log = log;
  }

  /** Messages that the broker acknowledged. */
  get published(): number {
    return this.#published;
  }

  /** Messages that the broker refused. */
  get refused(): number {
    return this.#refused;
  }

  /** Begins anew on a connection; with null, what is on its way has no answer to come. */
  use(session: Session | null): void {
    this.#session = session;
    this.#inFlight = 0;
    clearTimeout(this.#timer);
    if (session === null) {
      this.#order.cutOff();
      return;
    }
    this.#order.startOver(performance.now());
    this.pump();
  }

  /** Hands over as much as the connection takes; to be called whenever that may have changed. */
  pump(): void {
    const session = this.#session;
    if (!session) return;
    while (this.#inFlight < session.maxInFlight) {
      const parcel = this.#order.next(performance.now());
      if (parcel === null) break;
      this.#inFlight += 1;
      void this.#send(parcel, session);
    }
    session.flush();
    this.#wakeLater();
  }

  /** The same in the next turn of the event loop: whatever else this one has to do comes first. */
  pumpSoon(): void {
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      this.pump();
    });
  }

  /** Waits until the last message of all is acknowledged or waiting is no use, and no longer than that. */
  finish(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#onFinished = () => {
        clearTimeout(timer);
        resolve();
      };
      this.pump();
    });
  }

  /** Says that there is no broker to wait for. */
  giveUp(): void {
    this.#onFinished();
  }

  #wakeLater(): void {
    const atMs = this.#order.wakeAtMs;
    if (atMs === null) return;
    clearTimeout(this.#timer);
    // One more: a timer may be early by a part of a millisecond.
    this.#timer = setTimeout(() => this.pump(), Math.max(atMs - performance.now(), 0) + 1);
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
    if (this.#order.isFinished) this.#onFinished();
    this.pump();
  }

  #noteRefusal(topic: string, reason: string): void {
    if (this.#refused === 0) {
      this.#log.error(`Cannot publish to "${topic}": ${reason}; further refusals are only counted`);
    }
    this.#refused += 1;
  }
}
