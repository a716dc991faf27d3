import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to connections: `pass` them on to the broker; `freeze` what there is and what comes
 * (nothing is read, nothing written, nothing closed); `refuse` with a reset; or answer the first
 * packet of an MQTT 5 client with these bytes (none: just hang up) and pass every other client on.
 */
export type Fault =
  | { readonly kind: 'pass' | 'freeze' | 'refuse' }
  | { readonly kind: 'answer-v5'; readonly bytes: readonly number[] };

/** CONNACK of an MQTT 5 broker that wants another version: reason 0x84. */
export const CONNACK_UNSUPPORTED_V5 = [0x20, 0x03, 0x00, 0x84, 0x00];
/** CONNACK of an MQTT 3.1.1 broker that wants another version: return code 1. */
export const CONNACK_UNSUPPORTED_V4 = [0x20, 0x02, 0x00, 0x01];
/** DISCONNECT of an MQTT 5 broker that has another client under the same id: reason 0x8E. */
export const DISCONNECT_TAKEN_OVER = [0xe0, 0x02, 0x8e, 0x00];

/** A TCP proxy in front of a broker that breaks on demand. */
export class FaultProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Set<Socket>();
  #fault: Fault = { kind: 'pass' };
  #accepted = 0;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    this.port = address.port;
    server.on('connection', (client) => this.#accept(client));
  }

  static async start(targetPort: number): Promise<FaultProxy> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, targetPort);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Connections accepted so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Changes what happens from now on; the end of a freeze lets everything flow again. */
  set(fault: Fault): void {
    this.#fault = fault;
    for (const socket of this.#sockets) {
      if (fault.kind === 'freeze') socket.pause();
      else socket.resume();
    }
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Tells every client these bytes as if they came from the broker. */
  say(bytes: readonly number[]): void {
    for (const client of this.#clients) client.write(Buffer.from(bytes));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    this.#accepted += 1;
    this.#track(client);
    this.#clients.add(client);
    client.once('close', () => this.#clients.delete(client));
    const fault = this.#fault;
    if (fault.kind === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    client.once('data', (first: Buffer) => {
      if (fault.kind === 'answer-v5' && versionOf(first) === 5) {
        client.end(Buffer.from(fault.bytes));
        return;
      }
      const broker = connect({ port: this.#targetPort, host: '127.0.0.1' });
      this.#track(broker);
      broker.write(first);
      forward(client, broker);
      forward(broker, client);
    });
    if (fault.kind !== 'freeze') client.resume();
    else client.pause();
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

function forward(from: Socket, to: Socket): void {
  from.on('data', (data) => to.write(data));
  from.once('close', () => to.destroy());
}

/** The protocol level of a CONNECT packet: it follows the name, which follows the fixed header. */
function versionOf(packet: Buffer): number | undefined {
  const name = packet.indexOf('MQTT');
  return name === -1 ? undefined : packet[name + 4];
}
