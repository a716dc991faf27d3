import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { counts, type SceneObject } from '../../src/camera/synthetic/scene.js';
import { SyntheticSource } from '../../src/camera/synthetic-source.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import { MotionDetector, type MotionReading } from '../../src/motion/motion-detector.js';
import { look } from '../helpers/motion-look.js';
import { noReferenceData } from '../helpers/reference-data.js';
import { ONE_BY_ONE } from '../helpers/reference-models.js';
import { videoFrames } from '../helpers/video-frames.js';

/** As the keys are unless they are given. */
const OPTIONS = { threshold: 10, minArea: 0.002 };

const VIDEO_FPS = 10;
/** In s, by eye: when each of the people has come in for certain, and when nobody is there. */
const COMINGS = [6.4, 23.1, 50.7, 74.8, 92.7, 123.9];
const EMPTY = [
  [2.5, 5.5],
  [73.4, 74.2],
  [89.8, 91.8],
] as const;

const FPS = 10;
const DURATION_S = 60;
const SEEDS = [2_000_000, 2_000_001, 2_000_002];
/** What has gone by half a second ago, and what the background forgets. */
const RECENT_FRAMES = 5;
const QUIET_FRAMES = 60;
/** Of 640. */
const MOVED_PX = 2;

/** How far the sides of an object's box have moved, in px. */
function movedPx(object: SceneObject, before: SceneObject | undefined): number {
  if (before === undefined) return Number.POSITIVE_INFINITY;
  const sides = ['xMin', 'yMin', 'xMax', 'yMax'] as const;
  return 640 * Math.max(...sides.map((side) => Math.abs(object.box[side] - before.box[side])));
}

/** Holds what is read of frames against what was in them. */
class Judge {
  /** Frames. */
  readonly total = { moved: 0, missed: 0, quiet: 0, invented: 0 };
  #past: (readonly SceneObject[])[] = [];

  take(objects: readonly SceneObject[]): void {
    this.#past = [...this.#past.slice(1 - QUIET_FRAMES), objects];
  }

  judge(reading: MotionReading): void {
    if (reading === 'learning') return;
    const { total } = this;
    if (this.#hasMoved()) {
      total.moved += 1;
      if (reading === 'still') total.missed += 1;
    }
    if (this.#past.every((objects) => objects.length === 0)) {
      total.quiet += 1;
      if (reading === 'moving') total.invented += 1;
    }
  }

  #hasMoved(): boolean {
    const now = this.#past.at(-1) ?? [];
    const before = this.#past.at(-1 - RECENT_FRAMES) ?? [];
    return now.some((one) => {
      const itself = before.find(({ id }) => id === one.id);
      return counts(one) && movedPx(one, itself) > MOVED_PX;
    });
  }
}

describe('MotionDetector', () => {
  it('sees each of six people come into a real video, and nothing while nobody is there', {
    skip: noReferenceData,
    timeout: 120_000,
  }, async () => {
    const detector = new MotionDetector(OPTIONS);
    const readings: MotionReading[] = [];
    for await (const frame of videoFrames(ONE_BY_ONE, { stride: 1, count: 1_394 })) {
      readings.push(
        look(detector, { ...frame, monotonicMs: readings.length * (1000 / VIDEO_FPS) }),
      );
    }
    const between = (fromS: number, toS: number): MotionReading[] =>
      readings.slice(Math.round(fromS * VIDEO_FPS), Math.round(toS * VIDEO_FPS));
    for (const atS of COMINGS) {
      assert.ok(between(atS - 0.5, atS).includes('moving'), `nobody was seen to come at ${atS} s`);
    }
    for (const [fromS, toS] of EMPTY) {
      assert.ok(!between(fromS, toS).includes('moving'), `motion between ${fromS} and ${toS} s`);
    }
  });

  it('sees what moves in drawn scenes, and nothing while nothing is there', {
    timeout: 240_000,
  }, async (t) => {
    const judge = new Judge();
    for (const seed of SEEDS) {
      const pool = new FramePool();
      const detector = new MotionDetector(OPTIONS);
      const source = new SyntheticSource(
        {
          ...{ seed, widthPx: 640, heightPx: 480, fps: FPS, pace: 'max', durationS: DURATION_S },
          onTruth: (_, objects) => judge.take(objects),
        },
        pool,
      );
      for await (const frame of source.frames(t.signal)) {
        judge.judge(look(detector, frame));
        pool.give(frame.data);
      }
    }
    const { moved, missed, quiet, invented } = judge.total;
    t.diagnostic(`${missed} of ${moved} missed, ${invented} of ${quiet} invented`);
    assert.ok(moved > 200 && quiet > 100, 'too little was there to be judged');
    assert.ok(missed <= 0.02 * moved);
    assert.ok(invented <= 0.02 * quiet);
  });
});
