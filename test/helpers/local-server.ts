import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';

/** Key and certificate, PEM. */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
}

/** An HTTP server on a port of its own; with an identity an HTTPS server. */
export class LocalServer implements AsyncDisposable {
  readonly port: number;
  /** All requests so far, in order. */
  readonly requests: IncomingMessage[] = [];
  readonly server: Server;
  readonly #scheme: string;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, scheme: string) {
    this.server = server;
    this.#scheme = scheme;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    this.port = address.port;
    server.on('request', (request) => this.requests.push(request));
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(listener: RequestListener, identity?: ServerIdentity): Promise<LocalServer> {
    const server = identity ? createSecureServer(identity, listener) : createServer(listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LocalServer(server, identity ? 'https' : 'http');
  }

  get origin(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
