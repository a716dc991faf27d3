/** `full`: events were dropped for room since it was last empty. `failed`: the disk does not work. */
export interface OutboxProblem {
  readonly kind: 'full' | 'failed';
  readonly detail: string;
}

/** Events given up, by reason. */
export interface OutboxDrops {
  /** An `update` that made room. */
  readonly fullUpdate: number;
  /** Another event that made room, when there was no `update`. */
  readonly full: number;
  readonly tooOld: number;
  /** What was read was not what had been written. */
  readonly corrupt: number;
}

/** How an outbox stands. */
export interface OutboxCounters {
  /** Events kept now, those on their way included. */
  readonly depth: number;
  /** What they count for towards the bound. */
  readonly bytes: number;
  /** Age of the oldest event; null when there is none. */
  readonly oldestMs: number | null;
  /** Events kept in memory only. */
  readonly inMemory: number;
  readonly dropped: OutboxDrops;
  /** Growth of the files since the start. */
  readonly bytesWritten: number;
}
