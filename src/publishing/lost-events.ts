import type { Log } from '../log.js';
import type { LiveEvents } from './live-events.js';

/** Says how many events were lost since it said so last. */
export class LostEvents {
  readonly #events: LiveEvents;
  readonly #log: Log;
  #told = 0;

  constructor(events: LiveEvents, log: Log) {
    this.#events = events;
    this.#log = log;
  }

  /** @param unsent events that are lost from now on. */
  report(unsent: number): void {
    const { queueFull, tooOld } = this.#events.dropped;
    const lost = queueFull + tooOld + unsent - this.#told;
    if (lost === 0) return;
    this.#log.warn(`Events lost because the broker did not take them in time: ${lost}`);
    this.#told += lost;
  }
}
