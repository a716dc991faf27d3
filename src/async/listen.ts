import { once } from 'node:events';
import type { Server } from 'node:net';

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
  for (let attempt = 0; ; attempt++) {
    server.listen({ host, port: port + attempt });
    try {
      await once(server, 'listening');
      return;
    } catch (cause) {
      const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
      if (isTaken && attempt + 1 < tries) continue;
      const others = tries > 1 ? ` and the ${tries - 1} ports above` : '';
      const why = isTaken ? 'another program listens there' : reasonOf(cause);
      throw new Error(`Cannot ${purpose} on ${host}:${port}${others}: ${why}`, { cause });
    }
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
