import { crc32c } from './crc32c.js';

/*
 * Just enough of LevelDB's file formats (doc/table_format.md and doc/log_format.md of LevelDB) to
 * see whether a file is as it was written. LevelDB itself believes what stands in its tables: a
 * flipped bit there can end the process by an assertion or a giant allocation, in its repair too.
 */
const FOOTER_BYTES = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
const TRAILER_BYTES = 5;
const UNCOMPRESSED = 0;

const LOG_BLOCK_BYTES = 32_768;
const LOG_HEADER_BYTES = 7;

/** A piece of a table: its first byte, and how many follow before type and checksum. */
interface Block {
  readonly start: number;
  readonly bytes: number;
}

/**
 * Whether a table can be given to LevelDB. One without its last bytes can: LevelDB refuses it in
 * good order, or deletes it where it was being written when the process was killed.
 */
export function isSafeTable(table: Buffer): boolean {
  if (table.length < FOOTER_BYTES || !table.subarray(-MAGIC.length).equals(MAGIC)) return true;
  const footer = new Reader(table.subarray(-FOOTER_BYTES));
  try {
    for (const list of [footer.block(), footer.block()]) {
      for (const block of blocksIn(contentOf(table, list))) contentOf(table, block);
    }
    return true;
  } catch (error) {
    if (error instanceof DamagedFile) return false;
    throw error;
  }
}

/** What a log holds, put together again, and whether part of it is not as it was written. */
export interface LogContent {
  readonly bytes: Buffer;
  readonly isDamaged: boolean;
}

/** Undoes the framing of a log. An end that is cut short is no damage: the process was killed. */
export function readLog(log: Buffer): LogContent {
  const pieces: Buffer[] = [];
  let sawBad = false;
  let isDamaged = false;
  for (let start = 0; start < log.length; start += LOG_BLOCK_BYTES) {
    let rest = log.subarray(start, start + LOG_BLOCK_BYTES);
    while (rest.length >= LOG_HEADER_BYTES) {
      const end = LOG_HEADER_BYTES + rest.readUInt16LE(4);
      pieces.push(rest.subarray(LOG_HEADER_BYTES, end));
      const isGood =
        end <= rest.length && rest.readUInt32LE(0) === masked(crc32c(rest.subarray(6, end)));
      // Only what good records follow was once written whole.
      if (isGood && sawBad) isDamaged = true;
      if (!isGood) sawBad = true;
      rest = rest.subarray(end);
    }
  }
  return { bytes: Buffer.concat(pieces), isDamaged };
}

class DamagedFile extends Error {}

/** @throws DamagedFile when the block is not as it was written. */
function contentOf(file: Buffer, { start, bytes }: Block): Buffer {
  const end = start + bytes;
  if (end + TRAILER_BYTES > file.length) throw new DamagedFile();
  // Ours are never compressed, and what is not ours may be anything.
  if (file[end] !== UNCOMPRESSED) throw new DamagedFile();
  if (file.readUInt32LE(end + 1) !== masked(crc32c(file.subarray(start, end + 1)))) {
    throw new DamagedFile();
  }
  return file.subarray(start, end);
}

/** The blocks that an index points to. */
function* blocksIn(index: Buffer): Generator<Block> {
  const restarts = index.length < 4 ? 0 : index.readUInt32LE(index.length - 4);
  const end = index.length - 4 * (restarts + 1);
  if (end < 0) throw new DamagedFile();
  const reader = new Reader(index.subarray(0, end));
  while (!reader.isAtEnd) {
    reader.number();
    const keyBytes = reader.number();
    const valueBytes = reader.number();
    reader.skip(keyBytes);
    yield new Reader(reader.skip(valueBytes)).block();
  }
}

/** Reads LevelDB's numbers, seven bits a byte, the lowest first. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 42; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new DamagedFile();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new DamagedFile();
  }

  skip(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new DamagedFile();
    const skipped = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return skipped;
  }

  block(): Block {
    return { start: this.number(), bytes: this.number() };
  }
}

/** A checksum as LevelDB writes it. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
