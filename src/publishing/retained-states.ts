import type { MessageForm } from '../contract/topic-table.js';

/** Of a plain text that is kept for good. */
const PLAIN: MessageForm = { contentType: null, qos: 1, expiryS: null };

/** A retained value on its way to the broker; the empty payload clears the topic. */
export interface StateParcel {
  readonly kind: 'state';
  readonly topic: string;
  readonly payload: string;
  readonly form: MessageForm;
}

interface Entry {
  payload: string;
  form: MessageForm;
  /** What was handed over last on this connection; null when nothing was. */
  handedOver: string | null;
  /** The broker has acknowledged that it was cleared. */
  isCleared: boolean;
}

/**
 * The newest value of every retained topic, and which of them the broker still has to hear. A value
 * that changes while an older one waits replaces it, and a topic has one message on its way at a
 * time, so a slow broker costs no memory and never hears values out of order. What was cleared is
 * cleared again on each connection, as long as there is room: a broker that comes back from a crash
 * may have it again.
 */
export class RetainedStates {
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();
  /** Topics to be told, the longest waiting first. */
  #due = new Set<string>();
  readonly #onTheirWay = new Set<string>();
  #refused = 0;
  #topics: readonly string[] | null = null;

  /** @param limit number of topics; a further one is refused and counted. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Values that were refused because there are too many topics. */
  get refused(): number {
    return this.#refused;
  }

  /** Whether some value still has to be handed over. */
  get hasDue(): boolean {
    return this.#due.size > 0;
  }

  /** Every topic that is retained, or still to be cleared; the same list until that changes. */
  get topics(): readonly string[] {
    this.#topics ??= [...this.#entries].flatMap(([topic, { isCleared }]) =>
      isCleared ? [] : [topic],
    );
    return this.#topics;
  }

  /** Takes over topics that an earlier run has left: what is not set by then is cleared. */
  adopt(topics: readonly string[]): void {
    for (const topic of topics) {
      if (!this.#entries.has(topic)) this.set(topic, '');
    }
  }

  /** Sets the value of a topic; the same value again is not told again. */
  set(topic: string, payload: string, form = PLAIN): void {
    const entry = this.#entries.get(topic);
    if (entry) {
      entry.payload = payload;
      entry.form = form;
      if (entry.isCleared && payload !== '') {
        entry.isCleared = false;
        this.#topics = null;
      }
      if (payload === entry.handedOver) this.#due.delete(topic);
      else this.#due.add(topic);
    } else if (this.#hasRoom()) {
      this.#entries.set(topic, { payload, form, handedOver: null, isCleared: false });
      this.#topics = null;
      this.#due.add(topic);
    } else {
      this.#refused += 1;
    }
  }

  /** Clears a topic at the broker; one that was never set is left alone. */
  clear(topic: string): void {
    if (this.#entries.has(topic)) this.set(topic, '');
  }

  /** The next value to hand over, or null while none is due or all that are wait for an answer. */
  take(): StateParcel | null {
    for (const topic of this.#due) {
      const entry = this.#entries.get(topic);
      if (!entry || this.#onTheirWay.has(topic)) continue;
      this.#due.delete(topic);
      this.#onTheirWay.add(topic);
      entry.handedOver = entry.payload;
      return { kind: 'state', topic, payload: entry.payload, form: entry.form };
    }
    return null;
  }

  /** Says that the broker has answered for the topic. */
  acknowledge(topic: string): void {
    this.#onTheirWay.delete(topic);
    const entry = this.#entries.get(topic);
    if (entry === undefined || entry.payload !== '' || this.#due.has(topic)) return;
    if (!entry.isCleared) this.#topics = null;
    entry.isCleared = true;
  }

  /** Begins a new connection: everything is due. @returns how many values that are. */
  startOver(): number {
    this.#onTheirWay.clear();
    return this.repeat();
  }

  /** Makes everything due once more. @returns how many values that are. */
  repeat(): number {
    for (const entry of this.#entries.values()) entry.handedOver = null;
    this.#due = new Set(this.#entries.keys());
    return this.#due.size;
  }

  /** Whether there is room for another topic; if need be it is made by forgetting a cleared one. */
  #hasRoom(): boolean {
    if (this.#entries.size < this.#limit) return true;
    for (const [topic, { isCleared }] of this.#entries) {
      if (!isCleared || this.#onTheirWay.has(topic)) continue;
      this.#due.delete(topic);
      return this.#entries.delete(topic);
    }
    return false;
  }
}
