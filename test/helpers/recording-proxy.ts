import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy that keeps what clients send. */
export class RecordingProxy implements AsyncDisposable {
  readonly port: number;
  /** What each client has sent so far, in the order of their connections. */
  readonly sent: Buffer[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    this.port = address.port;
    server.on('connection', (client) => this.#pass(client, targetPort));
  }

  static async start(targetPort: number): Promise<RecordingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RecordingProxy(server, targetPort);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(client: Socket, targetPort: number): void {
    const broker = connect({ port: targetPort, host: '127.0.0.1' });
    const index = this.sent.push(Buffer.alloc(0)) - 1;
    client.on('data', (data: Buffer) => {
      this.sent[index] = Buffer.concat([this.sent[index] ?? Buffer.alloc(0), data]);
    });
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.once('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
