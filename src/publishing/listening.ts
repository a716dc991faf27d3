import type { Log } from '../log.js';
import type { Inbox } from './publisher-options.js';
import type { Session } from './session.js';

/** Listens to what is sent to us, on each connection anew. */
export class Listening {
  readonly #inbox: Inbox | null;
  readonly #log: Log;
  #refusalTold = false;

  constructor(inbox: Inbox | null, log: Log) {
    this.#inbox = inbox;
    this.#log = log;
  }

  /** Settles when the broker has answered; a refusal is said once. */
  async start(session: Session): Promise<void> {
    const { filters = [] } = this.#inbox ?? {};
    if (filters.length === 0) return;
    const refused = await session.subscribe({ filters, wantsRetained: false });
    if (refused.length === 0 || this.#refusalTold) return;
    this.#refusalTold = true;
    this.#log.error('The broker lets us not listen to topics; what is sent there has no effect', {
      refused,
    });
  }
}
