import type { Log } from '../log.js';
import { type BrokerOptions, brokerAt } from './broker-login.js';
import { brokerSessions } from './broker-sessions.js';
import { ClientIdConflict } from './client-id-conflict.js';
import { RetainedReader } from './retained-reader.js';
import type { Session } from './session.js';

/** What goes wrong is thrown. */
const SILENT: Log = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * Connects once, reads what the broker keeps below a topic, and does something with it before the
 * connection ends.
 * @param broker with a client id that nobody else has.
 * @param root topic without wildcards.
 * @throws Error when the broker cannot be reached or refuses to tell, and what `task` throws.
 */
export async function withWhatBrokerKeeps<T>(
  broker: BrokerOptions,
  root: string,
  task: (kept: ReadonlyMap<string, string>, session: Session) => T | Promise<T>,
): Promise<T> {
  const reader = new RetainedReader();
  const stop = new AbortController();
  const conflict = new ClientIdConflict();
  const at = brokerAt(broker, { will: null, onMessage: reader.receive, conflict });
  for await (const attempt of brokerSessions(at, SILENT, stop.signal)) {
    if (attempt.kind === 'failed') {
      throw new Error(`Cannot connect to the broker "${at.display}": ${attempt.failure.detail}`);
    }
    const { session } = attempt;
    try {
      return await task(await reader.read(session, `${root}/#`), session);
    } finally {
      stop.abort();
      await session.close();
    }
  }
  throw new Error(`Cannot connect to the broker "${at.display}"`);
}
