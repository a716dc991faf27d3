import type { Log } from '../log.js';
import type { Inbox } from './publisher-options.js';
import type { Session } from './session.js';

/** Listens to what an inbox wants; what the broker refuses of it is told once. */
export class Listener {
  readonly #inbox: Inbox | null;
  readonly #log: Log;
  #refusalTold = false;

  constructor(inbox: Inbox | null, log: Log) {
    this.#inbox = inbox;
    this.#log = log;
  }

  /** Listens until the connection ends; resolves when the broker has answered. */
  async listen(session: Session): Promise<void> {
    const { filters = [], keptFilters = [] } = this.#inbox ?? {};
    const wishes = [
      { filters, wantsRetained: false },
      { filters: keptFilters, wantsRetained: true },
    ].filter((wish) => wish.filters.length > 0);
    const refused = (await Promise.all(wishes.map((wish) => session.subscribe(wish)))).flat();
    if (refused.length === 0 || this.#refusalTold) return;
    this.#refusalTold = true;
    this.#log.error('The broker lets us not listen to topics; what is sent there has no effect', {
      refused,
    });
  }
}
