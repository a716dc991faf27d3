import { withWhatBrokerKeeps } from './broker-keeps.js';
import type { BrokerOptions } from './broker-login.js';
import type { Session } from './session.js';

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
export async function forgetNode({ broker, root, known, force }: ForgetJob): Promise<number> {
  return await withWhatBrokerKeeps(broker, root, async (found, session) => {
    const status = `${root}/status`;
    if (found.get(status) === 'online' && !force) {
      throw new Error(`Cannot forget "${root}": it is online, stop it first (or --force)`);
    }
    // A broker with rules does not tell of what we may not read: the list knows.
    const topics = new Set([...known, ...found.keys()]);
    topics.delete(status);
    // Availability last: until then whoever acts on it leaves the other states alone.
    await clearAll([...topics, status], session);
    return topics.size + 1;
  });
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
