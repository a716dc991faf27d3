import type { BoundingBox } from '../../src/domain/bounding-box.js';
import type { Detection, FrameDetections } from '../../src/domain/detection.js';

/** Random numbers in 0..1 that are the same in every run (the generator mulberry32). */
export type Random = () => number;

export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a detector sees at a moment of a made-up scene. */
export type Sight = (atMs: number, random: Random) => readonly Detection[];

export interface SceneOptions {
  readonly durationMs: number;
  readonly fps?: number;
  readonly seed?: number;
  /** Part of the frames that get lost at random, 0..1. */
  readonly drop?: number;
}

/** The frames of a scene as a detector would deliver them, the same for equal options. */
export function scene(options: SceneOptions, sight: Sight): readonly FrameDetections[] {
  const { durationMs, fps = 10, seed = 1, drop = 0 } = options;
  const random = seededRandom(seed);
  const frames: FrameDetections[] = [];
  for (let sequence = 0; (sequence * 1000) / fps < durationMs; sequence += 1) {
    const atMs = (sequence * 1000) / fps;
    const detections = sight(atMs, random);
    if (random() >= drop) frames.push(detectedAt(atMs, detections, sequence));
  }
  return frames;
}

/** One frame's result, taken `atMs` after the start. */
export function detectedAt(
  atMs: number,
  detections: readonly Detection[],
  sequence = atMs,
): FrameDetections {
  return {
    frame: {
      sequence,
      capturedAtMs: 1_700_000_000_000 + atMs,
      monotonicMs: atMs,
      timestampSource: 'sensor',
      widthPx: 640,
      heightPx: 480,
    },
    model: { id: 'made-up@000000000000', name: 'made-up', sha256: '0'.repeat(64) },
    timings: { queueMs: 0, preprocessMs: 1, inferenceMs: 2, postprocessMs: 0 },
    detections,
  };
}

export function detection(box: BoundingBox, score = 0.8, label = 'person'): Detection {
  return { label, classId: 0, score, box };
}

/** A box by its centre and size. */
export function boxAt(x: number, y: number, width = 0.2, height = 0.6): BoundingBox {
  return { xMin: x - width / 2, yMin: y - height / 2, xMax: x + width / 2, yMax: y + height / 2 };
}

/** The box with each edge off by at most `amount` of its size, as detectors are. */
export function jittered(box: BoundingBox, random: Random, amount: number): BoundingBox {
  const width = box.xMax - box.xMin;
  const height = box.yMax - box.yMin;
  const off = () => (random() * 2 - 1) * amount;
  return {
    xMin: box.xMin + width * off(),
    yMin: box.yMin + height * off(),
    xMax: box.xMax + width * off(),
    yMax: box.yMax + height * off(),
  };
}

/** Where something is that goes evenly from `from` at `startMs` to `to` at `endMs`. */
export function between(
  atMs: number,
  { startMs, endMs, from, to }: { startMs: number; endMs: number; from: number; to: number },
): number {
  const progress = Math.min(1, Math.max(0, (atMs - startMs) / (endMs - startMs)));
  return from + progress * (to - from);
}
