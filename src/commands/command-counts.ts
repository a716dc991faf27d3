import { REFUSAL_REASONS, type RefusalReason } from './refusal.js';

/**
 * What has become of commands since the start: received = accepted + repeated + all refused, and
 * accepted = done + failed + those that wait or run.
 */
export interface CommandCounters {
  readonly received: number;
  /** Let in. */
  readonly accepted: number;
  readonly done: number;
  /** The handler failed or took too long, or its turn did not come. */
  readonly failed: number;
  /** Answered again, without effect. */
  readonly repeated: number;
  readonly refused: Readonly<Record<RefusalReason, number>>;
  /** Answers forgotten early: a repetition would have an effect. */
  readonly forgotten: number;
}

/** Counts what becomes of commands. */
export class CommandCounts {
  readonly #refused = new Map<RefusalReason, number>();
  received = 0;
  accepted = 0;
  done = 0;
  failed = 0;
  repeated = 0;

  /** Gives how many were refused for this reason, this one included. */
  refuse(reason: RefusalReason): number {
    const count = (this.#refused.get(reason) ?? 0) + 1;
    this.#refused.set(reason, count);
    return count;
  }

  /** The figures of now. */
  snapshot(forgotten: number): CommandCounters {
    const { received, accepted, done, failed, repeated } = this;
    const counts = REFUSAL_REASONS.map((reason) => [reason, this.#refused.get(reason) ?? 0]);
    const refused = Object.fromEntries(counts) as Record<RefusalReason, number>;
    return { received, accepted, done, failed, repeated, refused, forgotten };
  }
}
