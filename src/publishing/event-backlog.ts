/** An event to be kept until the broker has it. */
export interface KeptEvent {
  /** Key of the message; the same however often it is sent. */
  readonly id: string;
  readonly seq: number;
  /** The label as a topic level. */
  readonly label: string;
  readonly phase: 'start' | 'update' | 'end';
  /** Unix ms, a whole number. */
  readonly occurredAtMs: number;
  /** The event as JSON, as built when it happened. */
  readonly payload: object;
}

/** A kept event on its way to the broker. */
export interface TakenEvent {
  /** Names it towards `acknowledge`. */
  readonly key: number;
  readonly entry: KeptEvent;
}

/** Where events are kept while the broker is away; in order, and longer than the process lives. */
export interface EventBacklog extends AsyncDisposable {
  /** Keeps an event behind all others; never rejects because of the disk. */
  append(event: KeptEvent): Promise<unknown>;
  /** Keeps an event behind all others that is on its way already, as if it had been taken. */
  appendTaken(event: KeptEvent): TakenEvent;
  /** The next event to send; null when there is none, or none yet. */
  take(): TakenEvent | null;
  acknowledge(taken: TakenEvent): void;
  /** What was not acknowledged is to be taken again. */
  startOver(): void;
  readonly counters: BacklogCounters;
}

/** How a backlog stands. */
export interface BacklogCounters {
  /** Events kept now. */
  readonly depth: number;
  readonly bytes: number;
  /** Null when there is none. */
  readonly oldestMs: number | null;
  /** Events given up, by reason. */
  readonly dropped: Readonly<Record<'fullUpdate' | 'full' | 'tooOld' | 'corrupt', number>>;
  /** To disks, since the start. */
  readonly bytesWritten: number;
}
