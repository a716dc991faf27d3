/** An MQTT packet: the first byte, and what follows the length. */
export interface Packet {
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

/** Packet types, MQTT 5.0 section 2.1.2. */
export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;

/** Cuts a stream of bytes into MQTT packets. */
export class PacketSplitter {
  #rest = Buffer.alloc(0);

  push(bytes: Buffer): Packet[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const packets: Packet[] = [];
    for (let packet = this.#take(); packet !== null; packet = this.#take()) packets.push(packet);
    return packets;
  }

  #take(): Packet | null {
    let length = 0;
    for (let at = 1; at < Math.min(5, this.#rest.length); at++) {
      const byte = this.#rest[at] ?? 0;
      length += (byte & 0x7f) * 128 ** (at - 1);
      if (byte >= 0x80) continue;
      const end = at + 1 + length;
      if (this.#rest.length < end) return null;
      const first = this.#rest[0] ?? 0;
      const body = this.#rest.subarray(at + 1, end);
      this.#rest = this.#rest.subarray(end);
      return { type: first >> 4, flags: first & 0x0f, body };
    }
    return null;
  }
}

/** Topic and packet id of a PUBLISH with QoS 1, and what follows them: properties and payload. */
export function readPublish({ body }: Packet): { topic: string; id: number; rest: Buffer } {
  const topicEnd = 2 + body.readUInt16BE(0);
  return {
    topic: body.toString('utf8', 2, topicEnd),
    id: body.readUInt16BE(topicEnd),
    rest: body.subarray(topicEnd + 2),
  };
}

/** A PUBLISH with QoS 0 of MQTT 5. */
export interface LoosePublish {
  /** Empty where an alias stands for it. */
  readonly topic: string;
  /** Topic alias; null: none. */
  readonly alias: number | null;
  readonly payload: string;
}

/** Properties that these have, MQTT 5.0 section 2.2.2.2, and their lengths; null: text. */
const PROPERTIES: ReadonlyMap<number, number | null> = new Map([
  [0x02, 4],
  [0x03, null],
  [0x23, 2],
]);
const TOPIC_ALIAS = 0x23;

/** Reads a PUBLISH with QoS 0 and less than 128 bytes of properties. */
export function readLoosePublish({ body }: Packet): LoosePublish {
  const topicEnd = 2 + body.readUInt16BE(0);
  const end = topicEnd + 1 + body.readUInt8(topicEnd);
  let alias: number | null = null;
  for (let at = topicEnd + 1; at < end; ) {
    const id = body.readUInt8(at);
    const length = PROPERTIES.get(id);
    if (length === undefined) throw new Error(`property ${id} is not expected`);
    if (id === TOPIC_ALIAS) alias = body.readUInt16BE(at + 1);
    at += 1 + (length ?? 2 + body.readUInt16BE(at + 1));
  }
  return { topic: body.toString('utf8', 2, topicEnd), alias, payload: body.toString('utf8', end) };
}
