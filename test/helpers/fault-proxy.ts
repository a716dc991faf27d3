import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Pace, SlowPipe } from './slow-pipe.js';

/**
 * What happens to connections: `pass` them on to the broker, late (`delay`) or slowly (`throttle`);
 * `freeze` what there is and what comes (nothing is read, nothing written, nothing closed);
 * `half-open`: the same, and the broker sees the end of what there is, while the client is only
 * told, by a reset, when it sends something after the fault; `refuse` with a reset; or answer the
 * first packet of an MQTT 5 client with these bytes (none: just hang up) and pass every other
 * client on.
 */
export type Fault =
  | Pace
  | { readonly kind: 'half-open' | 'refuse' }
  | { readonly kind: 'answer-v5'; readonly bytes: readonly number[] };

/** Sees what is carried. Connections count from 1. */
export interface Witness {
  carried(connection: number, from: 'client' | 'broker', bytes: Buffer): void;
  ended(connection: number): void;
}

/** CONNACK of an MQTT 5 broker that wants another version: reason 0x84. */
export const CONNACK_UNSUPPORTED_V5 = [0x20, 0x03, 0x00, 0x84, 0x00];
/** CONNACK of an MQTT 3.1.1 broker that wants another version: return code 1. */
export const CONNACK_UNSUPPORTED_V4 = [0x20, 0x02, 0x00, 0x01];
/** DISCONNECT of an MQTT 5 broker that has another client under the same id: reason 0x8E. */
export const DISCONNECT_TAKEN_OVER = [0xe0, 0x02, 0x8e, 0x00];

/** A client and its broker. */
interface Link {
  readonly client: Socket;
  readonly broker: Socket;
  readonly pipes: readonly SlowPipe[];
  isForgotten: boolean;
}

/** A TCP proxy in front of a broker that breaks on demand. */
export class FaultProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #witness: Witness | null;
  readonly #clients = new Set<Socket>();
  /** Clients that have not been passed on yet. */
  readonly #newcomers = new Set<Socket>();
  readonly #links = new Set<Link>();
  #fault: Fault = { kind: 'pass' };
  #accepted = 0;

  private constructor(server: Server, targetPort: number, witness: Witness | null) {
    this.#server = server;
    this.#targetPort = targetPort;
    this.#witness = witness;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    this.port = address.port;
    server.on('connection', (client) => this.#accept(client));
  }

  static async start(targetPort: number, witness: Witness | null = null): Promise<FaultProxy> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, targetPort, witness);
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
    const pace = paceOf(fault);
    for (const client of this.#newcomers) {
      if (pace.kind === 'freeze') client.pause();
      else client.resume();
    }
    for (const link of this.#links) {
      if (fault.kind === 'half-open') forget(link);
      for (const pipe of link.pipes) pipe.setPace(pace);
    }
  }

  /** Ends every connection in good order. */
  cut(): void {
    for (const client of this.#clients) client.destroy();
  }

  /** Ends every connection with a reset, on both sides. */
  reset(): void {
    for (const { broker } of this.#links) broker.resetAndDestroy();
    for (const client of this.#clients) client.resetAndDestroy();
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
    const connection = this.#accepted;
    this.#clients.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => {
      this.#clients.delete(client);
      this.#newcomers.delete(client);
      this.#witness?.ended(connection);
    });
    const fault = this.#fault;
    if (fault.kind === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    this.#newcomers.add(client);
    client.once('data', (first: Buffer) => {
      this.#newcomers.delete(client);
      if (fault.kind === 'answer-v5' && versionOf(first) === 5) {
        client.end(Buffer.from(fault.bytes));
        return;
      }
      client.pause();
      this.#passOn(client, connection);
      client.emit('data', first);
    });
    if (paceOf(fault).kind !== 'freeze') client.resume();
  }

  #passOn(client: Socket, connection: number): void {
    const broker = connect({ port: this.#targetPort, host: '127.0.0.1' });
    const pace = paceOf(this.#fault);
    const link: Link = {
      client,
      broker,
      pipes: [
        new SlowPipe(client, broker, pace, (bytes) =>
          this.#witness?.carried(connection, 'client', bytes),
        ),
        new SlowPipe(broker, client, pace, (bytes) =>
          this.#witness?.carried(connection, 'broker', bytes),
        ),
      ],
      isForgotten: false,
    };
    this.#links.add(link);
    broker.on('error', () => broker.destroy());
    broker.once('close', () => {
      if (!link.isForgotten) client.destroy();
    });
    client.once('close', () => {
      this.#links.delete(link);
      broker.destroy();
    });
  }
}

/** Lets the broker see the end of a connection, but not the client. */
function forget(link: Link): void {
  if (link.isForgotten) return;
  link.isForgotten = true;
  link.broker.destroy();
  link.client.on('data', () => link.client.resetAndDestroy());
  // A listener makes it flow.
  link.client.pause();
}

function paceOf(fault: Fault): Pace {
  switch (fault.kind) {
    case 'pass':
    case 'freeze':
    case 'delay':
    case 'throttle':
      return fault;
    case 'half-open':
      return { kind: 'freeze' };
    case 'refuse':
    case 'answer-v5':
      return { kind: 'pass' };
    default:
      return fault satisfies never;
  }
}

/** The protocol level of a CONNECT packet: it follows the name, which follows the fixed header. */
function versionOf(packet: Buffer): number | undefined {
  const name = packet.indexOf('MQTT');
  return name === -1 ? undefined : packet[name + 4];
}
