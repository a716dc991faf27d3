import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what Linux gives to connections and to listeners at port 0, so that none of them takes it. */
const FIRST_PORT = 16_384;
const LAST_PORT = 32_767;

let next = randomInt(FIRST_PORT, LAST_PORT);

/** A port of 127.0.0.1 that nobody uses at the moment, and another one at each call. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = next;
    next = port === LAST_PORT ? FIRST_PORT : port + 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`a thousand ports up to ${next} are taken`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  try {
    await listening;
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
