import { once } from 'node:events';
import type { Server } from 'node:net';
import { messageOf } from '../errors.js';

const LAST_PORT = 65_535;

/** Where to listen. */
export interface ListenPlace {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** How many ports are tried, one after the other, while they are taken. */
  readonly tries: number;
}

/**
 * Lets a server listen.
 * @param purpose what the error says cannot be done: `serve the live page`.
 * @throws Error when it cannot, with the reason.
 */
export async function listen(server: Server, place: ListenPlace, purpose: string): Promise<void> {
  const { host, port, tries } = place;
  const last = Math.min(port + tries - 1, LAST_PORT);
  for (let next = port; ; next++) {
    server.listen({ host, port: next });
    try {
      await once(server, 'listening');
      return;
    } catch (cause) {
      const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
      if (isTaken && next < last) continue;
      const others = last > port ? ` to ${last}` : '';
      const why = isTaken ? 'another program listens there' : messageOf(cause);
      throw new Error(`Cannot ${purpose} on ${host}:${port}${others}: ${why}`, { cause });
    }
  }
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
