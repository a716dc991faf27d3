import { withWhatBrokerKeeps } from './broker-keeps.js';
import type { BrokerOptions } from './broker-login.js';

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
  return await withWhatBrokerKeeps(broker, root, (found) => {
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
  });
}
