/** What a CONNECT packet of MQTT 5 says (section 3.1); properties are numbers by their ids. */
export interface ConnectPacket {
  readonly version: number;
  readonly cleanStart: boolean;
  readonly keepAliveS: number;
  readonly properties: ReadonlyMap<number, number>;
  readonly clientId: string;
  readonly will: {
    readonly topic: string;
    readonly payload: string;
    readonly qos: number;
    readonly retain: boolean;
    readonly properties: ReadonlyMap<number, number>;
  } | null;
  readonly username: string | null;
  readonly password: string | null;
}

/** Bytes of the properties that are numbers. */
const PROPERTY_BYTES: ReadonlyMap<number, number> = new Map([
  [0x02, 4],
  [0x01, 1],
  [0x11, 4],
  [0x17, 1],
  [0x18, 4],
  [0x19, 1],
  [0x21, 2],
  [0x22, 2],
  [0x27, 4],
]);

/** Reads the first packet of a connection, by the standard and without the library under test. */
export function readConnect(bytes: Buffer): ConnectPacket {
  const reader = new Reader(bytes);
  if (reader.number(1) !== 0x10) throw new Error('the first packet is no CONNECT');
  reader.variableLength();
  if (reader.text() !== 'MQTT') throw new Error('the protocol is not MQTT');
  const version = reader.number(1);
  const flags = reader.number(1);
  const keepAliveS = reader.number(2);
  const properties = reader.properties();
  const clientId = reader.text();
  const will =
    (flags & 0x04) === 0
      ? null
      : {
          properties: reader.properties(),
          topic: reader.text(),
          payload: reader.text(),
          qos: (flags >> 3) & 3,
          retain: (flags & 0x20) !== 0,
        };
  const username = (flags & 0x80) === 0 ? null : reader.text();
  const password = (flags & 0x40) === 0 ? null : reader.text();
  const cleanStart = (flags & 0x02) !== 0;
  return { version, cleanStart, keepAliveS, properties, clientId, will, username, password };
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(length: number): number {
    const value = this.#bytes.readUIntBE(this.#at, length);
    this.#at += length;
    return value;
  }

  text(): string {
    const length = this.number(2);
    const text = this.#bytes.toString('utf8', this.#at, this.#at + length);
    this.#at += length;
    return text;
  }

  variableLength(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.number(1);
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value;
    }
  }

  properties(): Map<number, number> {
    const found = new Map<number, number>();
    const length = this.variableLength();
    const end = this.#at + length;
    while (this.#at < end) {
      const id = this.number(1);
      const size = PROPERTY_BYTES.get(id);
      if (size === undefined) throw new Error(`property ${id} is not a number`);
      found.set(id, this.number(size));
    }
    return found;
  }
}
