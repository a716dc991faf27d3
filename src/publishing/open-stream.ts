import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { LinkFailure } from './link-failure.js';
import { openingFailure } from './opening-failure.js';

/** From the first packet until MQTT can begin, name resolution, TLS and websocket included. */
const OPEN_TIMEOUT_MS = 5_000;

/** A client's certificate, with those of its CAs if the broker lacks them, and its key, as PEM. */
export interface ClientCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/** How the broker proves who it is, and Lookout too where the broker asks for it. */
export interface TlsOptions {
  /** Certificates of the CAs to trust instead of those Node.js trusts; null: those. */
  readonly caPem: string | null;
  readonly clientCertificate: ClientCertificate | null;
  /** Name or address that the broker's certificate has to bear; null: the host of the URL. */
  readonly serverName: string | null;
}

/** Where a broker is, and what MQTT travels on. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Null: without TLS. */
  readonly tls: TlsOptions | null;
  /** Path and query of a websocket; null: MQTT straight over TCP or TLS. */
  readonly path: string | null;
}

/** What became of the attempt; an open stream is the caller's to destroy. */
export type Opening =
  | { readonly kind: 'open'; readonly stream: Duplex }
  | { readonly kind: 'failed'; readonly failure: LinkFailure };

/**
 * Opens the way to a broker, or tells why there is none; never rejects. With TLS the stream is
 * given out only after the broker's certificate has been verified, so nothing, no user name and no
 * path of a websocket, can reach anyone else, encrypted or not.
 */
export async function openStream(endpoint: Endpoint, signal: AbortSignal): Promise<Opening> {
  // Loaded where it is asked for: most connections need no websocket.
  const webSocket = endpoint.path === null ? null : await import('./web-socket.js');
  const socket = openSocket(endpoint);
  const giveUp = () => socket.destroy(new Error('given up'));
  const timer = setTimeout(() => {
    socket.destroy(new Error(`no answer within ${OPEN_TIMEOUT_MS / 1000} s`));
  }, OPEN_TIMEOUT_MS);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    if (signal.aborted) giveUp();
    await once(socket, endpoint.tls ? 'secureConnect' : 'connect');
    const stream = webSocket ? await webSocket.upgrade(socket, endpoint) : socket;
    // Closed with the same packet that completed the handshake: nobody would hear of it again.
    if (socket.destroyed) throw socket.errored ?? new Error('the broker closed the connection');
    return { kind: 'open', stream };
  } catch (error) {
    socket.destroy();
    return { kind: 'failed', failure: openingFailure(error, endpoint) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

function openSocket({ host, port, tls }: Endpoint): Socket {
  const socket = tls ? secureSocket(host, port, tls) : connectTcp({ host, port });
  // An error between two listeners would end the process; a socket that fails is destroyed anyway.
  socket.on('error', () => {});
  // Without Nagle's algorithm: small messages would wait for the broker's TCP acknowledgement.
  return socket.setNoDelay(true);
}

function secureSocket(host: string, port: number, tls: TlsOptions): Socket {
  const name = tls.serverName ?? host;
  return connectTls({
    host,
    port,
    // Said, because NODE_TLS_REJECT_UNAUTHORIZED and --tls-min-v1.0 change what is not said.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    // SNI carries names only, while a certificate may be for an address too.
    ...(isIP(name) === 0 && { servername: name }),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    ...(tls.caPem !== null && { ca: tls.caPem }),
    ...(tls.clientCertificate && {
      cert: tls.clientCertificate.certPem,
      key: tls.clientCertificate.keyPem,
    }),
  });
}
