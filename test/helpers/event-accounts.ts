import type { Arrival } from './broker-observer.js';
import type { FaultStage } from './fault-stage.js';

/** What became of the events of a story. */
export interface EventAccounts {
  readonly published: number;
  /** Different ids. */
  readonly arrived: number;
  /** First arrivals on the branch of news, and on that of what came late. */
  readonly live: number;
  readonly history: number;
  readonly duplicates: number;
  /** Duplicates that QoS 1 does not explain. */
  readonly unlicensed: number;
  /** First arrivals after a later event of their track. */
  readonly outOfOrder: number;
  /** Numbers that did not arrive. */
  readonly missing: readonly number[];
  /** Those of them that the broker had acknowledged: it lost them in its death. */
  readonly lostByBroker: number;
  /** Given up, as the publisher counts them. */
  readonly dropped: number;
  /** Events that arrived, but the publisher may not have heard of it and count them as dropped. */
  readonly unconfirmed: number;
}

/** Draws up the account of a stage. */
export function eventAccounts({ script, observer, wire, publisher }: FaultStage): EventAccounts {
  const firsts = new Map<number, Arrival>();
  const counts = new Map<number, number>();
  for (const arrival of observer.arrivals) {
    const { seq } = arrival.event;
    if (!firsts.has(seq)) firsts.set(seq, arrival);
    counts.set(seq, (counts.get(seq) ?? 0) + 1);
  }
  const missing = script.events.map((_, index) => index + 1).filter((seq) => !firsts.has(seq));
  const needless = new Set(wire.needlessRepeats());
  const unsent = [...counts].filter(
    ([seq, count]) => count > (wire.attempts.get(seq)?.length ?? 0),
  );
  for (const [seq] of unsent) needless.add(seq);
  const { droppedEvents, backlog } = publisher.counters;
  const drops = { ...droppedEvents, ...backlog?.dropped };
  return {
    published: script.events.length,
    arrived: new Set(observer.arrivals.map(({ event }) => event.id)).size,
    live: [...firsts.values()].filter(({ branch }) => branch === 'event').length,
    history: [...firsts.values()].filter(({ branch }) => branch === 'history').length,
    duplicates: observer.arrivals.length - firsts.size,
    unlicensed: needless.size,
    outOfOrder: outOfOrder([...firsts.values()]),
    missing,
    lostByBroker: missing.filter((seq) => wire.isAcknowledged(seq)).length,
    unconfirmed: [...firsts.keys()].filter((seq) => !wire.isConfirmed(seq)).length,
    dropped: Object.values(drops).reduce((sum, count) => sum + count, 0),
  };
}

/** Whether an arrival says what the event with its number says, on the branch where it belongs. */
export function isTrue({ event, branch }: Arrival, { script }: FaultStage): boolean {
  const told = script.events[event.seq - 1];
  return (
    told !== undefined &&
    event.phase === told.phase &&
    event.object.track_id === String(told.track.id) &&
    event.object.label === told.track.label &&
    event.replayed === (branch === 'history')
  );
}

function outOfOrder(firsts: readonly Arrival[]): number {
  const latest = new Map<string, number>();
  let count = 0;
  for (const { event } of firsts) {
    const { track_id: track } = event.object;
    if (event.seq < (latest.get(track) ?? 0)) count += 1;
    latest.set(track, Math.max(event.seq, latest.get(track) ?? 0));
  }
  return count;
}
