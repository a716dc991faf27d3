/**
 * Elements and characters that may be read from one buffer, all together: vectors may overlap, so a
 * small file could claim any number of them. Real detectors take 700 to 3,000.
 */
const MAX_READ = 200_000;

/**
 * One table of a FlatBuffer, read with every offset checked against the buffer, because a model
 * file comes from anywhere. Format: FlatBuffers internals, https://flatbuffers.dev/internals/.
 * Fields are named by their index in the schema. All readers throw RangeError when the file lies.
 */
export class FlatTable {
  /** Where the table stands in the buffer, in bytes. */
  readonly position: number;
  readonly #view: DataView;
  readonly #vtable: number;
  readonly #vtableBytes: number;
  /** How much has been read, by this table and all others of the buffer. */
  readonly #budget: { read: number };

  private constructor(view: DataView, start: number, budget: { read: number }) {
    this.#view = view;
    this.#budget = budget;
    this.position = start;
    this.#vtable = start - view.getInt32(start, true);
    this.#vtableBytes = view.getUint16(this.#vtable, true);
  }

  /** The root table of a buffer. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true), { read: 0 });
  }

  /** How many fields the writer of the file knew of; the file may leave out any of them. */
  get fieldCount(): number {
    return Math.max(0, (this.#vtableBytes - 4) >> 1);
  }

  has(field: number): boolean {
    return this.#position(field) !== null;
  }

  /** Where the vector, text or table of a field stands in the buffer; null where absent. */
  target(field: number): number | null {
    const at = this.#position(field);
    return at === null ? null : at + this.#view.getUint32(at, true);
  }

  /** A scalar field, or `absent` where the file leaves it out. */
  uint8(field: number, absent = 0): number {
    const at = this.#position(field);
    return at === null ? absent : this.#view.getUint8(at);
  }

  int8(field: number, absent = 0): number {
    const at = this.#position(field);
    return at === null ? absent : this.#view.getInt8(at);
  }

  int32(field: number, absent = 0): number {
    const at = this.#position(field);
    return at === null ? absent : this.#view.getInt32(at, true);
  }

  uint32(field: number, absent = 0): number {
    const at = this.#position(field);
    return at === null ? absent : this.#view.getUint32(at, true);
  }

  int64(field: number, absent = 0n): bigint {
    const at = this.#position(field);
    return at === null ? absent : this.#view.getBigInt64(at, true);
  }

  /** A text field; empty where absent. */
  text(field: number): string {
    const bytes = this.bytes(field);
    this.#spend(bytes.byteLength);
    return new TextDecoder().decode(bytes);
  }

  /** A vector of bytes (or the bytes of a text), over the file's own memory; empty where absent. */
  bytes(field: number): Uint8Array {
    const vector = this.#vector(field, 1);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + vector.start, vector.length);
  }

  int32s(field: number): number[] {
    return this.#elements(field, 4, (at) => this.#view.getInt32(at, true));
  }

  float32s(field: number): number[] {
    return this.#elements(field, 4, (at) => this.#view.getFloat32(at, true));
  }

  /** A vector of 64-bit integers, as numbers: exact up to 2^53. */
  int64s(field: number): number[] {
    return this.#elements(field, 8, (at) => Number(this.#view.getBigInt64(at, true)));
  }

  /** A table field; null where absent. */
  table(field: number): FlatTable | null {
    const at = this.#position(field);
    return at === null ? null : this.#tableAt(at);
  }

  tables(field: number): FlatTable[] {
    return this.#elements(field, 4, (at) => this.#tableAt(at));
  }

  #tableAt(at: number): FlatTable {
    return new FlatTable(this.#view, at + this.#view.getUint32(at, true), this.#budget);
  }

  #elements<T>(field: number, elementBytes: number, read: (at: number) => T): T[] {
    const vector = this.#vector(field, elementBytes);
    this.#spend(vector.length);
    return Array.from({ length: vector.length }, (_, i) => read(vector.start + i * elementBytes));
  }

  #spend(count: number): void {
    this.#budget.read += count;
    if (this.#budget.read > MAX_READ) throw new RangeError('vectors are larger than any model has');
  }

  #vector(field: number, elementBytes: number): { start: number; length: number } {
    const at = this.#position(field);
    if (at === null) return { start: 0, length: 0 };
    const vector = at + this.#view.getUint32(at, true);
    const length = this.#view.getUint32(vector, true);
    // Before anything is allocated: a lying length must not cost memory.
    if (vector + 4 + length * elementBytes > this.#view.byteLength) {
      throw new RangeError(`vector of ${length} elements leaves the file`);
    }
    return { start: vector + 4, length };
  }

  #position(field: number): number | null {
    const slot = 4 + field * 2;
    if (slot + 2 > this.#vtableBytes) return null;
    const offset = this.#view.getUint16(this.#vtable + slot, true);
    return offset === 0 ? null : this.position + offset;
  }
}
