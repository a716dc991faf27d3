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
