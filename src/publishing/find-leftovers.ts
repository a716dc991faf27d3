import type { Log } from '../log.js';
import { type BrokerOptions, brokerAt } from './broker-login.js';
import { brokerSessions } from './broker-sessions.js';
import { ClientIdConflict } from './client-id-conflict.js';
import { RetainedReader } from './retained-reader.js';

/** What goes wrong is thrown. */
const SILENT: Log = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * Topics that the broker keeps below a node, but for commands and for the node's other cameras,
 * which may be of another process.
 * @param broker with a client id that nobody else has.
 * @throws Error when the broker cannot be reached or does not tell.
 */
export async function findLeftovers(
  broker: BrokerOptions,
  { root, camera }: { readonly root: string; readonly camera: string },
): Promise<readonly string[]> {
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
      const found = await reader.read(session, `${root}/#`);
      // It is told on every connection. A broker with rules leaves out silently what we may not read.
      if (!found.has(`${root}/status`)) {
        throw new Error(`Cannot read "${root}/#": the broker tells nothing of it`);
      }
      const notOurs = ['request/', 'set/', `cam/${camera}/set/`];
      return [...found].flatMap(([topic, payload]) => {
        const below = topic.slice(root.length + 1);
        const isOfOther = below.startsWith('cam/') && !below.startsWith(`cam/${camera}/`);
        const isOurs = !isOfOther && !notOurs.some((branch) => below.startsWith(branch));
        return isOurs && payload !== '' ? [topic] : [];
      });
    } finally {
      stop.abort();
      await session.close();
    }
  }
  throw new Error(`Cannot connect to the broker "${at.display}"`);
}
