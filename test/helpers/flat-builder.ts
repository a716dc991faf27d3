import type { Builder } from 'flatbuffers';

/** A field of a table to write; none of the values leaves the field out. */
export interface Field {
  readonly offset?: number;
  readonly int8?: number;
  readonly int32?: number;
  readonly float32?: number;
}

/** Writes a table by field numbers. */
export function table(builder: Builder, fields: readonly Field[]): number {
  builder.startObject(fields.length);
  fields.forEach(({ offset, int8, int32, float32 }, i) => {
    if (offset !== undefined) builder.addFieldOffset(i, offset, 0);
    if (int8 !== undefined) builder.addFieldInt8(i, int8, 0);
    if (int32 !== undefined) builder.addFieldInt32(i, int32, 0);
    if (float32 !== undefined) builder.addFieldFloat32(i, float32, 0);
  });
  return builder.endObject();
}

export function int32s(builder: Builder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of values.toReversed()) builder.addInt32(value);
  return builder.endVector();
}

export function tables(builder: Builder, offsets: readonly number[]): number {
  builder.startVector(4, offsets.length, 4);
  for (const offset of offsets.toReversed()) builder.addOffset(offset);
  return builder.endVector();
}

/** QuantizationParameters with one scale and zero point. */
export function quantise(
  builder: Builder,
  scales: readonly number[],
  zeroPoint = 0,
  dimension = 0,
): number {
  builder.startVector(4, scales.length, 4);
  for (const scale of scales.toReversed()) builder.addFloat32(scale);
  const scale = { offset: builder.endVector() };
  builder.startVector(8, scales.length, 8);
  for (const _ of scales) builder.addInt64(BigInt(zeroPoint));
  const zeroPoints = { offset: builder.endVector() };
  return table(builder, [{}, {}, scale, zeroPoints, {}, {}, { int32: dimension }]);
}
