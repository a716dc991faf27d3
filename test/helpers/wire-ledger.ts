import type { Witness } from './fault-proxy.js';
import {
  CONNACK,
  type Packet,
  PacketSplitter,
  PUBACK,
  PUBLISH,
  readPublish,
} from './mqtt-packets.js';

/** One time that an event was handed to the broker. */
export interface Attempt {
  readonly connection: number;
  /** When the client was handed the acknowledgement; null: never. Monotonic ms. */
  toldAtMs: number | null;
}

interface Side {
  readonly client: PacketSplitter;
  readonly broker: PacketSplitter;
  readonly onTheirWay: Map<number, Attempt>;
}

/** QoS 1, MQTT 5.0 section 3.3.1.2. */
const QOS1_FLAG = 0x02;
/** An acknowledgement handed over shorter before the end than this may not have been read. */
const MAY_BE_UNREAD_MS = 200;
/** One handed over longer before the end than this has been read. */
const READ_WITHIN_MS = 1_000;

/** What a client and its broker said to each other about events, as a proxy between them saw it. */
export class WireLedger implements Witness {
  /** By the number of the event. */
  readonly attempts = new Map<number, Attempt[]>();
  /** When the broker accepted a connection, monotonic ms. */
  readonly acceptedAtMs: number[] = [];
  /** Connections that the broker refused. */
  refused = 0;
  readonly #sides = new Map<number, Side>();
  readonly #endedAtMs = new Map<number, number>();

  carried(connection: number, from: 'client' | 'broker', bytes: Buffer): void {
    const side = this.#sideOf(connection);
    for (const packet of side[from].push(bytes)) {
      if (from === 'client') this.#noteSent(connection, side, packet);
      else this.#noteAnswer(side, packet);
    }
  }

  ended(connection: number): void {
    this.#sides.delete(connection);
    this.#endedAtMs.set(connection, performance.now());
  }

  /** Whether the client was told that the broker has the event. */
  isAcknowledged(seq: number): boolean {
    return (this.attempts.get(seq) ?? []).some(({ toldAtMs }) => toldAtMs !== null);
  }

  /** Whether the client has surely read that the broker has the event. */
  isConfirmed(seq: number): boolean {
    return (this.attempts.get(seq) ?? []).some(({ connection, toldAtMs }) => {
      const endMs = this.#endedAtMs.get(connection) ?? Number.POSITIVE_INFINITY;
      return toldAtMs !== null && endMs - toldAtMs > MAY_BE_UNREAD_MS;
    });
  }

  /**
   * Events that were sent again without need: on the same connection, or although the
   * acknowledgement had been there well before the connection ended.
   */
  needlessRepeats(): number[] {
    return [...this.attempts]
      .filter(([, tries]) =>
        tries.slice(1).some((next, index) => this.#isNeedless(tries[index], next)),
      )
      .map(([seq]) => seq);
  }

  #isNeedless(before: Attempt | undefined, next: Attempt): boolean {
    if (before === undefined) return false;
    if (before.connection === next.connection) return true;
    const endMs = this.#endedAtMs.get(before.connection) ?? Number.POSITIVE_INFINITY;
    return before.toldAtMs !== null && endMs - before.toldAtMs > READ_WITHIN_MS;
  }

  #sideOf(connection: number): Side {
    const known = this.#sides.get(connection);
    if (known) return known;
    const side = {
      client: new PacketSplitter(),
      broker: new PacketSplitter(),
      onTheirWay: new Map(),
    };
    this.#sides.set(connection, side);
    return side;
  }

  #noteSent(connection: number, side: Side, packet: Packet): void {
    if (packet.type !== PUBLISH || (packet.flags & QOS1_FLAG) === 0) return;
    const { topic, id, rest } = readPublish(packet);
    if (!/\/(event|history)\//.test(topic)) return;
    const json = rest.subarray(rest.indexOf('{"v":')).toString();
    const { seq } = JSON.parse(json) as { seq: number };
    const attempt: Attempt = { connection, toldAtMs: null };
    side.onTheirWay.set(id, attempt);
    this.attempts.set(seq, [...(this.attempts.get(seq) ?? []), attempt]);
  }

  #noteAnswer(side: Side, { type, body }: Packet): void {
    if (type === CONNACK && body[1] === 0) this.acceptedAtMs.push(performance.now());
    else if (type === CONNACK) this.refused += 1;
    if (type !== PUBACK) return;
    const attempt = side.onTheirWay.get(body.readUInt16BE(0));
    if (attempt) attempt.toldAtMs = performance.now();
    side.onTheirWay.delete(body.readUInt16BE(0));
  }
}
