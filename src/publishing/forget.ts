import type { Log } from '../log.js';
import { type BrokerOptions, brokerAt } from './broker-login.js';
import { brokerSessions } from './broker-sessions.js';
import { ClientIdConflict } from './client-id-conflict.js';
import { RetainedReader } from './retained-reader.js';
import type { Session } from './session.js';

/** What goes wrong is thrown. */
const SILENT: Log = { error() {}, warn() {}, info() {}, debug() {} };

export interface ForgetJob {
  readonly broker: BrokerOptions;
  /** Topic below which everything is the node's. */
  readonly root: string;
  /** Other topics that were retained, as far as they are known. */
  readonly known: readonly string[];
  /** Whether to go on although the node says that it is online. */
  readonly force: boolean;
}

/**
 * Clears every topic that a node has left retained at the broker.
 * @returns how many were cleared.
 * @throws Error when the broker cannot be reached, refuses to clear one, or the node is online.
 */
export async function forgetNode(job: ForgetJob): Promise<number> {
  const { broker, root, known } = job;
  const reader = new RetainedReader();
  const conflict = new ClientIdConflict();
  const stop = new AbortController();
  const at = brokerAt(broker, { will: null, onMessage: reader.receive, conflict });
  for await (const attempt of brokerSessions(at, SILENT, stop.signal)) {
    if (attempt.kind === 'failed') {
      throw new Error(`Cannot connect to the broker "${at.display}": ${attempt.failure.detail}`);
    }
    const { session } = attempt;
    try {
      const found = await reader.read(session, `${root}/#`);
      if (found.get(`${root}/status`) === 'online' && !job.force) {
        throw new Error(`Cannot forget "${root}": it is online, stop it first (or --force)`);
      }
      // Availability last: until then whoever acts on it leaves the other states alone.
      const status = `${root}/status`;
      const topics = [...new Set([...known, ...found.keys()])].filter((topic) => topic !== status);
      await clearAll([...topics, status], session);
      return found.size + known.filter((topic) => !found.has(topic)).length;
    } finally {
      stop.abort();
      await session.close();
    }
  }
  throw new Error(`Cannot connect to the broker "${at.display}"`);
}

async function clearAll(topics: readonly string[], session: Session): Promise<void> {
  for (const topic of topics) {
    const message = {
      topic,
      payload: '',
      retain: true,
      contentType: null,
      qos: 1,
      expiryS: null,
    } as const;
    const outcome = await session.publish(message);
    if (outcome.kind === 'refused') throw new Error(`Cannot clear "${topic}": ${outcome.reason}`);
    if (outcome.kind === 'lost') throw new Error(`Cannot clear "${topic}": the connection is lost`);
  }
}
