/** This long after its last sign a conflict counts as over. */
const CALM_MS = 10 * 60_000;
/** Sessions in a row that the broker has ended soon, before another client is suspected. */
const SUSPICIOUS_ENDS = 3;

/** Another client that logs in with our client id, so that each pushes the other out. */
export interface Conflict {
  /** The broker has said so; else it is what its behaviour suggests. */
  readonly isCertain: boolean;
  /** Signs of it since it began. */
  readonly count: number;
  /** When it began, monotonic ms. */
  readonly sinceMs: number;
}

/**
 * Notices that two clients share a client id, which no single connection shows: each return is the
 * other's end. MQTT 5 has a reason for it (0x8E), but MQTT 3.1.1 has not, and Mosquitto 2.0.11
 * just hangs up either way. Times are monotonic ms.
 */
export class ClientIdConflict {
  #conflict: Conflict = { isCertain: false, count: 0, sinceMs: 0 };
  #lastMs = Number.NEGATIVE_INFINITY;
  #soonEnded = 0;

  /** Notes that the broker has ended the session for another client. @returns whether it is news. */
  takenOver(nowMs: number): boolean {
    return this.#note(true, nowMs);
  }

  /**
   * Notes that the session has ended for another reason, or none.
   * @param isSuspicious the broker hung up on it, and it had only just begun.
   * @returns whether from now on another client has to be suspected.
   */
  ended(isSuspicious: boolean, nowMs: number): boolean {
    this.#soonEnded = isSuspicious ? this.#soonEnded + 1 : 0;
    return this.#soonEnded >= SUSPICIOUS_ENDS && this.#note(false, nowMs);
  }

  /** The conflict as it is known now; null when there is none, or no more. */
  at(nowMs: number): Conflict | null {
    return nowMs - this.#lastMs < CALM_MS ? this.#conflict : null;
  }

  #note(isCertain: boolean, nowMs: number): boolean {
    const before = this.at(nowMs);
    this.#lastMs = nowMs;
    this.#conflict = {
      isCertain: isCertain || (before?.isCertain ?? false),
      count: (before?.count ?? 0) + 1,
      sinceMs: before?.sinceMs ?? nowMs,
    };
    return this.#conflict.isCertain !== before?.isCertain;
  }
}
