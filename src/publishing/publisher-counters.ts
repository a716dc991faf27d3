import type { BacklogCounters } from './event-backlog.js';
import type { DroppedEvents } from './live-events.js';

/** How publishing goes, since the start. */
export interface PublisherCounters {
  /** Messages that the broker acknowledged. */
  readonly published: number;
  /** Messages that the broker refused. */
  readonly refused: number;
  readonly droppedEvents: DroppedEvents;
  /** Messages that newer ones have overtaken or that found no connection, as they may. */
  readonly overtaken: number;
  /** Answers to commands, of too many that waited. */
  readonly droppedReplies: number;
  /** Events that wait for the broker now. */
  readonly pendingEvents: number;
  /** State values not kept because there are too many topics. */
  readonly refusedStates: number;
  readonly reconnects: number;
  /** Unix ms; null while there is no connection. */
  readonly connectedSinceMs: number | null;
  /** Events kept while the broker is away; null where none are. */
  readonly backlog: BacklogCounters | null;
}
