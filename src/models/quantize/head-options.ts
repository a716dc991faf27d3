/** A point between int8 scores and an SSD detector's results, as `native/detection-head.c` takes it. */
export interface HeadOptions {
  /** Scores in a row: one for each class, and the background before them where there is one. */
  readonly scoresPerAnchor: number;
  /** Index of the first class in a row. */
  readonly firstClass: number;
  readonly maxDetections: number;
  /** real = scale · (stored − zeroPoint), of box encodings. */
  readonly boxScale: number;
  readonly boxZeroPoint: number;
  /** By which encodings are divided. */
  readonly scales: {
    readonly y: number;
    readonly x: number;
    readonly h: number;
    readonly w: number;
  };
  /** Greatest intersection over union of two detections. */
  readonly maxOverlap: number;
  readonly minScore: number;
  /** The score of each code of a byte, from −128 to 127. */
  readonly scores: Float32Array;
  /** Centre y, x, height and width of each anchor. */
  readonly anchors: Float32Array;
}

const HEADER_WORDS = 12;

/** Writes the options as the operator reads them: little-endian words without gaps. */
export function headOptions(options: HeadOptions): Uint8Array {
  const { scores, anchors, scales } = options;
  const view = new DataView(new ArrayBuffer((HEADER_WORDS + scores.length + anchors.length) * 4));
  const { scoresPerAnchor, firstClass, maxDetections } = options;
  const counts = [anchors.length / 4, scoresPerAnchor, firstClass, maxDetections];
  for (const [i, count] of counts.entries()) view.setUint32(i * 4, count, true);
  const { boxScale, boxZeroPoint, maxOverlap, minScore } = options;
  const { y, x, h, w } = scales;
  const reals = [boxScale, boxZeroPoint, y, x, h, w, maxOverlap, minScore, ...scores];
  for (const [i, real] of reals.entries()) view.setFloat32((counts.length + i) * 4, real, true);
  const start = HEADER_WORDS + scores.length;
  for (const [i, real] of anchors.entries()) view.setFloat32((start + i) * 4, real, true);
  return new Uint8Array(view.buffer);
}
