import { Builder } from 'flatbuffers';
import type { FlatTable } from '../flat-table.js';
import type { FieldKind } from './tflite-schema.js';

/** Something that was written or stands in the old file, by its distance from the file's end. */
export type Place = number & { readonly place: never };

/** New values of a table's fields, by field index; null leaves a field out. */
export type FieldChanges = Readonly<Record<number, number | Place | null>>;

/** Alignment of a model's largest vectors, its buffers. */
const ALIGNMENT = 16;

/**
 * Writes a FlatBuffer in front of an old one: new tables may point at whatever stands in the old
 * file, which is how parts that nobody here knows survive untouched. References in a FlatBuffer
 * only lead forward, so the old file has to be the tail.
 * Format: FlatBuffers internals, https://flatbuffers.dev/internals/.
 */
export class FlatWriter {
  readonly #old: Uint8Array;
  readonly #builder: Builder;
  readonly #paddingBytes: number;
  readonly #overwritten: { readonly position: number; readonly bytes: Uint8Array }[] = [];

  /** @param expectedBytes how much will be written, about: saves growing, which doubles. */
  constructor(old: Uint8Array, expectedBytes: number) {
    this.#old = old;
    this.#builder = new Builder(old.length + expectedBytes);
    // The file is built from its end: with a tail of whole alignment units, what was aligned in the
    // old file stays so and what is new can be. The padding is cut off at the end.
    this.#paddingBytes = -old.length & (ALIGNMENT - 1);
    this.#builder.pad(this.#paddingBytes);
    this.#builder.createByteVector(old);
    this.#builder.prep(ALIGNMENT, 0);
  }

  /** The place of what stands at this position of the old file. */
  old(position: number): Place {
    return (this.#old.length + this.#paddingBytes - position) as Place;
  }

  /** Puts bytes over those of the old file. */
  overwrite(position: number, bytes: Uint8Array): void {
    this.#overwritten.push({ position, bytes });
  }

  /**
   * Writes a table: the fields of `source`, as they stand there, but for the changes.
   * @throws RangeError when the source has fields that the layout does not know.
   */
  table(source: FlatTable | null, layout: readonly FieldKind[], changes: FieldChanges): Place {
    refuseUnknownFields(source, layout);
    this.#builder.startObject(layout.length);
    layout.forEach((kind, field) => {
      const change = changes[field];
      if (change === null) return;
      if (change !== undefined) this.#addField(kind, field, change);
      else if (source?.has(field)) this.#copyField(kind, field, source);
    });
    return this.#builder.endObject() as Place;
  }

  int32s(values: readonly number[]): Place {
    this.#builder.startVector(4, values.length, 4);
    for (const value of values.toReversed()) this.#builder.addInt32(value);
    return this.#builder.endVector() as Place;
  }

  float32s(values: readonly number[]): Place {
    this.#builder.startVector(4, values.length, 4);
    for (const value of values.toReversed()) this.#builder.addFloat32(value);
    return this.#builder.endVector() as Place;
  }

  int64s(values: readonly number[]): Place {
    this.#builder.startVector(8, values.length, 8);
    for (const value of values.toReversed()) this.#builder.addInt64(BigInt(value));
    return this.#builder.endVector() as Place;
  }

  tables(places: readonly Place[]): Place {
    this.#builder.startVector(4, places.length, 4);
    for (const place of places.toReversed()) this.#builder.addOffset(place);
    return this.#builder.endVector() as Place;
  }

  text(text: string): Place {
    return this.#builder.createString(text) as Place;
  }

  /** A byte vector, aligned as a model's buffers have to be. */
  bytes(bytes: Uint8Array): Place {
    this.#builder.prep(ALIGNMENT, bytes.length);
    return this.#builder.createByteVector(bytes) as Place;
  }

  /** The whole file, over an ArrayBuffer of its own. Nothing can be written after it. */
  finish(root: Place, identifier: string): Uint8Array<ArrayBuffer> {
    this.#builder.finish(root, identifier);
    const padded = this.#builder.asUint8Array();
    const whole = padded.slice(0, padded.length - this.#paddingBytes);
    const tail = whole.length - this.#old.length;
    for (const { position, bytes } of this.#overwritten) whole.set(bytes, tail + position);
    return whole;
  }

  #addField(kind: FieldKind, field: number, value: number): void {
    switch (kind) {
      case 'target':
        this.#builder.addFieldOffset(field, value, 0);
        return;
      case 'int8':
        this.#builder.addFieldInt8(field, value, null);
        return;
      case 'int32':
        this.#builder.addFieldInt32(field, value, null);
        return;
      case 'int64':
        this.#builder.addFieldInt64(field, BigInt(value), null);
        return;
      default:
        throw kind satisfies never;
    }
  }

  #copyField(kind: FieldKind, field: number, source: FlatTable): void {
    switch (kind) {
      case 'target':
        this.#builder.addFieldOffset(field, this.old(source.target(field) ?? 0), 0);
        return;
      case 'int8':
        this.#builder.addFieldInt8(field, source.int8(field), null);
        return;
      case 'int32':
        this.#builder.addFieldInt32(field, source.int32(field), null);
        return;
      case 'int64':
        this.#builder.addFieldInt64(field, source.int64(field), null);
        return;
      default:
        throw kind satisfies never;
    }
  }
}

function refuseUnknownFields(source: FlatTable | null, layout: readonly FieldKind[]): void {
  const count = source?.fieldCount ?? 0;
  for (let field = layout.length; field < count; field++) {
    if (source?.has(field)) throw new RangeError(`a table has field ${field}, which is too new`);
  }
}
