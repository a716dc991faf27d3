/** A session has to last this long before the conflict counts as over. */
const CALM_MS = 10 * 60_000;
/** Sessions in a row that the broker ended soon, before another client is suspected. */
const SUSPICIOUS_ENDS = 3;

/** Another client that logs in with our client id, each of the two pushing the other out. */
export interface Conflict {
  /** Times that the broker has ended our session for the other's sake. */
  readonly count: number;
  /** When it began, monotonic ms. */
  readonly sinceMs: number;
}

/**
 * Notices that two clients share a client id, which no single connection shows for long: each
 * return is the other's end. MQTT 5 says so (reason 0x8E); MQTT 3.1.1 only hangs up, so there it
 * is a suspicion.
 */
export class ClientIdConflict {
  #count = 0;
  #sinceMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #soonEnded = 0;

  /** Notes that the broker has named the reason (monotonic ms). @returns whether that is news. */
  takenOver(nowMs: number): boolean {
    const isNews = this.at(nowMs) === null;
    if (isNews) {
      this.#count = 0;
      this.#sinceMs = nowMs;
    }
    this.#count += 1;
    this.#lastMs = nowMs;
    return isNews;
  }

  /**
   * Notes that the broker has ended a session without naming a reason.
   * @param isSoon it had only just begun.
   * @returns whether another client has to be suspected from now on.
   */
  hungUp(isSoon: boolean): boolean {
    this.#soonEnded = isSoon ? this.#soonEnded + 1 : 0;
    return this.#soonEnded === SUSPICIOUS_ENDS;
  }

  /** The conflict as it is known at `nowMs` (monotonic); null when there is none, or no more. */
  at(nowMs: number): Conflict | null {
    if (nowMs - this.#lastMs >= CALM_MS) return null;
    return { count: this.#count, sinceMs: this.#sinceMs };
  }
}
