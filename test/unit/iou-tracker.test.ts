import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BoundingBox } from '../../src/domain/bounding-box.js';
import type { Detection, FrameDetections } from '../../src/domain/detection.js';
import { ScoreThresholds } from '../../src/domain/score-thresholds.js';
import type { Track } from '../../src/domain/track.js';
import { IouTracker, type IouTrackerOptions } from '../../src/tracking/iou-tracker.js';
import {
  between,
  boxAt,
  detectedAt,
  detection,
  jittered,
  type Random,
  scene,
} from '../helpers/scene.js';

const OPTIONS: IouTrackerOptions = {
  thresholds: new ScoreThresholds(0.5),
  confirmHits: 3,
  lostAfterMs: 2000,
  minIou: 0.2,
  labels: [],
};

/** What a tracker made of a scene. */
interface Outcome {
  /** The last snapshot of each track that was ever confirmed, by id. */
  readonly confirmed: readonly Track[];
  readonly last: readonly Track[];
}

function follow(frames: readonly FrameDetections[], options: Partial<IouTrackerOptions> = {}) {
  const tracker = new IouTracker({ ...OPTIONS, ...options });
  const confirmed = new Map<number, Track>();
  let last: readonly Track[] = [];
  for (const frame of frames) {
    last = tracker.update(frame);
    for (const track of last) if (track.state !== 'tentative') confirmed.set(track.id, track);
  }
  return { confirmed: [...confirmed.values()], last } satisfies Outcome;
}

/** Ids of the believed tracks nearest to each place, in one frame. */
function idsAt(tracks: readonly Track[], xs: readonly number[]): (number | undefined)[] {
  const centre = ({ box }: Track) => (box.xMin + box.xMax) / 2;
  return xs.map((x) => {
    const near = tracks.filter((track) => Math.abs(centre(track) - x) < 0.1);
    return near.find(({ state }) => state === 'confirmed')?.id;
  });
}

/**
 * A detector's view of somebody: jittering boxes, scores that sink below the threshold, now and
 * then nothing, and often a second box of a part of the body or of more than the body.
 */
function seen(box: BoundingBox, random: Random): readonly Detection[] {
  if (random() < 0.05) return [];
  const sights = [detection(jittered(box, random, 0.06), 0.42 + 0.4 * random())];
  const height = box.yMax - box.yMin;
  const kind = random();
  if (kind < 0.25) {
    const upper = { ...box, yMax: box.yMax - height / 2 };
    sights.push(detection(jittered(upper, random, 0.05), 0.3 + 0.3 * random()));
  } else if (kind < 0.5) {
    const wide = { ...box, xMin: box.xMin - 0.1, xMax: box.xMax + 0.08 };
    sights.push(detection(jittered(wide, random, 0.05), 0.3 + 0.3 * random()));
  }
  return sights;
}

/** Comes in at the bottom, stands, goes out on the right: growing, full and shrinking boxes. */
function visit(atMs: number, startMs: number, random: Random): readonly Detection[] {
  const t = atMs - startMs;
  if (t < 0 || t > 9500) return [];
  const top = between(t, { startMs: 0, endMs: 1500, from: 0.9, to: 0.1 });
  const inX = between(t, { startMs: 0, endMs: 1500, from: 0.3, to: 0.55 });
  const x = inX + between(t, { startMs: 8000, endMs: 9500, from: 0, to: 0.6 });
  const bottom = between(t, { startMs: 1000, endMs: 1500, from: 1, to: 0.9 });
  const box = { xMin: x - 0.1, yMin: top, xMax: Math.min(1, x + 0.1), yMax: bottom };
  return box.xMax - box.xMin < 0.02 ? [] : seen(box, random);
}

const still = detection(boxAt(0.5, 0.5));

describe('IouTracker', () => {
  it('goes by the threshold of each label', () => {
    const thresholds = new ScoreThresholds(0.5);
    thresholds.setLabels(['person', 'dog']);
    const tracker = new IouTracker({ ...OPTIONS, thresholds });
    const dog = { ...detection(boxAt(0.2, 0.5), 0.25), label: 'dog' };
    const person = { ...detection(boxAt(0.8, 0.5), 0.25), label: 'person' };
    const frame = detectedAt(0, [dog, person]);
    assert.deepEqual(tracker.update(frame), []);
    thresholds.set('dog', 0.2);
    assert.deepEqual(
      tracker.update(frame).map(({ label }) => label),
      ['dog'],
    );
    // Too weak for a person, though the detector has to deliver it for the dogs.
    thresholds.set('dog', 1);
    assert.deepEqual(
      tracker.update(frame).map(({ missedFrames }) => missedFrames),
      [1],
    );
  });

  it('believes a track after the given number of strong detections', () => {
    const tracker = new IouTracker(OPTIONS);
    const states = [0, 100, 200].map((atMs) => tracker.update(detectedAt(atMs, [still]))[0]?.state);
    assert.deepEqual(states, ['tentative', 'tentative', 'confirmed']);
    const once = new IouTracker({ ...OPTIONS, confirmHits: 1 });
    assert.equal(once.update(detectedAt(0, [still]))[0]?.state, 'confirmed');
  });

  it('tells all that the last detection said', () => {
    const frames = [0, 100, 200].map((atMs) => detectedAt(atMs, [still]));
    const better = detection(boxAt(0.51, 0.5), 0.9);
    const { last } = follow([...frames, detectedAt(300, [better])]);
    assert.equal(last.length, 1);
    const { velocity, ...track } = last[0] as Track;
    assert.ok(velocity.xPerS > 0 && velocity.yPerS === 0);
    assert.deepEqual(track, {
      id: 1,
      state: 'confirmed',
      label: 'person',
      classId: 0,
      score: 0.9,
      box: better.box,
      hits: 4,
      missedFrames: 0,
      firstSeenMs: 1_700_000_000_000,
      lastSeenMs: 1_700_000_000_300,
      firstSeenMonotonicMs: 0,
      lastSeenMonotonicMs: 300,
      stationary: false,
      zones: [],
      model: frames[0]?.model,
    });
  });

  it('never believes what is weak, strong only for a moment, or strong too seldom', () => {
    const frames = scene({ durationMs: 10_000 }, (atMs) => [
      detection(boxAt(0.2, 0.5), 0.45),
      ...(atMs % 2000 < 200 ? [still] : []),
      detection(boxAt(0.8, 0.5), atMs < 200 ? 0.6 : 0.45),
    ]);
    const { confirmed, last } = follow(frames);
    assert.deepEqual(confirmed, []);
    assert.equal(last.find(({ hits }) => hits === 100)?.state, 'tentative');
  });

  it('makes one track of the best of several boxes of one object', () => {
    const wide = detection(boxAt(0.52, 0.5, 0.3, 0.7), 0.6);
    const part = detection(boxAt(0.5, 0.4, 0.18, 0.3), 0.7);
    const tracker = new IouTracker(OPTIONS);
    for (const atMs of [0, 100, 200, 300]) {
      const tracks = tracker.update(detectedAt(atMs, [wide, part, still]));
      assert.deepEqual(
        tracks.map(({ id, box }) => [id, box]),
        [[1, still.box]],
      );
    }
    const newcomer = detection(boxAt(0.1, 0.5));
    const tracks = tracker.update(detectedAt(400, [wide, part, still, newcomer]));
    assert.deepEqual(
      tracks.map(({ id }) => id),
      [1, 2],
    );
  });

  it('takes the likelier of two boxes that fit alike', () => {
    const left = detection(boxAt(0.47, 0.5), 0.6);
    const right = detection(boxAt(0.53, 0.5), 0.9);
    const tracker = new IouTracker(OPTIONS);
    tracker.update(detectedAt(0, [still]));
    assert.equal(tracker.update(detectedAt(100, [left, right]))[0]?.score, 0.9);
  });

  it('drops a new track that turns out to be an old one seen twice', () => {
    const wide = detection(boxAt(0.5, 0.5, 0.5, 0.7));
    const tracker = new IouTracker({ ...OPTIONS, minIou: 0.5 });
    for (const atMs of [0, 100, 200]) tracker.update(detectedAt(atMs, [still]));
    const apart = tracker.update(detectedAt(300, [wide]));
    assert.deepEqual(
      apart.map(({ state }) => state),
      ['lost', 'tentative'],
    );
    const together = tracker.update(detectedAt(400, [wide, still]));
    assert.deepEqual(
      together.map(({ id, state }) => [id, state]),
      [[1, 'confirmed']],
    );
  });

  it('keeps a believed track alive by weak detections for any time', () => {
    const frames = scene({ durationMs: 60_000 }, (atMs) => [
      { ...still, score: atMs < 500 ? 0.7 : 0.35 },
    ]);
    const { confirmed, last } = follow(frames);
    assert.equal(confirmed.length, 1);
    assert.equal(last[0]?.state, 'confirmed');
    assert.equal(last[0]?.hits, 600);
  });

  it('loses a track by time, not by frames', () => {
    for (const fps of [2, 10, 30]) {
      const tracker = new IouTracker(OPTIONS);
      const frames = scene({ durationMs: 6000, fps }, (atMs) => (atMs <= 2000 ? [still] : []));
      const alive = frames.filter((frame) => tracker.update(frame).length > 0);
      const endMs = alive.at(-1)?.frame.monotonicMs ?? 0;
      assert.ok(endMs > 4000 - 1000 / fps && endMs <= 4000, `${fps} fps: ended at ${endMs}`);
    }
  });

  it('finds a track again after a gap without any frames', () => {
    const tracker = new IouTracker(OPTIONS);
    for (const atMs of [0, 100, 200]) tracker.update(detectedAt(atMs, [still]));
    assert.deepEqual(
      tracker.update(detectedAt(60_000, [still])).map(({ id, hits }) => [id, hits]),
      [[1, 4]],
    );
  });

  it('works on a clock that stands still and begins anew on one that runs backwards', () => {
    const tracker = new IouTracker(OPTIONS);
    for (let sequence = 0; sequence < 5; sequence += 1) tracker.update(detectedAt(1000, [still]));
    assert.equal(tracker.update(detectedAt(1000, [still]))[0]?.hits, 6);
    assert.deepEqual(
      tracker.update(detectedAt(0, [still])).map(({ id, state }) => [id, state]),
      [[2, 'tentative']],
    );
  });

  it('expects a lost object inside the frame where it was going', () => {
    const tracker = new IouTracker(OPTIONS);
    for (let atMs = 0; atMs < 1000; atMs += 100) {
      tracker.update(detectedAt(atMs, [detection(boxAt(0.1 + atMs / 2500, 0.5))]));
    }
    const [lost] = tracker.update(detectedAt(1200, []));
    assert.equal(lost?.state, 'lost');
    assert.equal(lost?.missedFrames, 1);
    const x = ((lost?.box.xMin ?? 0) + (lost?.box.xMax ?? 0)) / 2;
    assert.ok(Math.abs(x - 0.58) < 0.03, `${x}`);
  });

  it('ends a track that left the frame sooner than one that vanished inside it', () => {
    const lastedMs = (boxOf: (atMs: number) => BoundingBox) => {
      const tracker = new IouTracker(OPTIONS);
      const frames = scene({ durationMs: 5000, fps: 20 }, (atMs) =>
        atMs < 2000 ? [detection(boxOf(atMs))] : [],
      );
      const alive = frames.filter((frame) => tracker.update(frame).length > 0);
      return (alive.at(-1)?.frame.monotonicMs ?? 0) - 1950;
    };
    assert.ok(lastedMs(() => boxAt(0.5, 0.5)) >= 1950);
    const leaving = (atMs: number) => {
      const { xMax, ...box } = boxAt(0.2 + atMs / 2300, 0.5);
      return { ...box, xMax: Math.min(1, xMax) };
    };
    assert.ok(lastedMs(leaving) <= 600);
  });

  it('follows only the labels it was given', () => {
    const cat = detection(boxAt(0.2, 0.5), 0.8, 'cat');
    const frames = scene({ durationMs: 1000 }, () => [still, cat]);
    const labels = (options: Partial<IouTrackerOptions>) =>
      follow(frames, options).confirmed.map(({ label }) => label);
    assert.deepEqual(labels({ labels: ['cat'] }), ['cat']);
    assert.deepEqual(labels({}).sort(), ['cat', 'person']);
  });

  it('keeps two labels in one place apart', () => {
    const chair = detection(boxAt(0.5, 0.5), 0.7, 'chair');
    const frames = scene({ durationMs: 3000 }, (_, random) =>
      [still, chair].filter(() => random() < 0.6),
    );
    assert.deepEqual(
      follow(frames)
        .confirmed.map(({ label }) => label)
        .sort(),
      ['chair', 'person'],
    );
  });

  it('ignores boxes without extent', () => {
    const empty = { xMin: 0.5, yMin: 0.5, xMax: 0.5, yMax: 0.9 };
    const broken = { xMin: Number.NaN, yMin: 0, xMax: 1, yMax: 1 };
    const inverted = { xMin: 0.6, yMin: 0.6, xMax: 0.4, yMax: 0.9 };
    const boxes = [empty, broken, inverted].map((box) => detection(box));
    assert.deepEqual(follow([detectedAt(0, boxes), detectedAt(100, boxes)]).last, []);
  });

  it('follows 200 objects and counts those it refuses', () => {
    const crowd = Array.from({ length: 230 }, (_, index) =>
      detection(boxAt((index % 20) / 20, Math.floor(index / 20) / 12, 0.02, 0.02)),
    );
    const tracker = new IouTracker(OPTIONS);
    assert.equal(tracker.update(detectedAt(0, crowd)).length, 200);
    assert.equal(tracker.refused, 30);
  });

  it('makes the same tracks of the same frames, with ids that ascend', () => {
    const frames = scene({ durationMs: 30_000, drop: 0.2 }, (atMs, random) => [
      ...visit(atMs, 0, random),
      ...visit(atMs, 4000, random),
      ...visit(atMs, 15_000, random),
    ]);
    const run = () => {
      const tracker = new IouTracker(OPTIONS);
      return frames.map((frame) => tracker.update(frame));
    };
    const tracks = run();
    assert.deepEqual(tracks, run());
    for (const ids of tracks.map((frame) => frame.map(({ id }) => id))) {
      assert.deepEqual(
        ids,
        [...new Set(ids)].sort((a, b) => a - b),
      );
    }
  });
});

describe('IouTracker on made-up scenes', () => {
  it('gives each visitor one track, whatever is dropped, split, doubled or weak', () => {
    for (const fps of [10, 30]) {
      for (const drop of [0, 0.2]) {
        for (let seed = 1; seed <= 10; seed += 1) {
          const frames = scene({ durationMs: 40_000, fps, drop, seed }, (atMs, random) => [
            ...visit(atMs, 1000, random),
            ...visit(atMs, 14_000, random),
            ...visit(atMs, 27_000, random),
          ]);
          const { confirmed } = follow(frames);
          assert.equal(confirmed.length, 3, `${fps} fps, drop ${drop}, seed ${seed}`);
        }
      }
    }
  });

  it('keeps two people apart who cross', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const frames = scene({ durationMs: 8000, seed }, (atMs, random) => {
        const a = between(atMs, { startMs: 0, endMs: 8000, from: 0.1, to: 0.9 });
        return [a, 1 - a].map((x, index) =>
          detection(jittered(boxAt(x, 0.45 + index * 0.1), random, 0.04), 0.6 + 0.2 * random()),
        );
      });
      const tracker = new IouTracker(OPTIONS);
      const tracks = frames.map((frame) => tracker.update(frame));
      const before = idsAt(tracks[10] ?? [], [0.2, 0.8]);
      assert.deepEqual(before.toSorted(), [1, 2], `seed ${seed}`);
      assert.deepEqual(idsAt(tracks.at(-1) ?? [], [0.9, 0.1]), before, `seed ${seed}`);
    }
  });

  it('keeps two people apart of whom one hides the other while they cross', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const frames = scene({ durationMs: 4000, seed }, (atMs, random) => {
        const a = between(atMs, { startMs: 0, endMs: 4000, from: 0.1, to: 0.9 });
        const hidden = Math.abs(a - 0.5) < 0.08;
        const places = hidden ? [a] : [a, 1 - a];
        return places.map((x) => detection(jittered(boxAt(x, 0.5), random, 0.03)));
      });
      const tracker = new IouTracker(OPTIONS);
      const tracks = frames.map((frame) => tracker.update(frame));
      const before = idsAt(tracks[5] ?? [], [0.2, 0.8]);
      assert.deepEqual(before.toSorted(), [1, 2], `seed ${seed}`);
      assert.deepEqual(idsAt(tracks.at(-1) ?? [], [0.88, 0.12]), before, `seed ${seed}`);
    }
  });

  it('follows who stops, stands, goes on and turns back', () => {
    for (const drop of [0, 0.4]) {
      for (let seed = 1; seed <= 10; seed += 1) {
        const frames = scene({ durationMs: 14_000, seed, drop }, (atMs, random) => {
          const there = between(atMs, { startMs: 0, endMs: 2000, from: 0.1, to: 0.7 });
          const back = between(atMs, { startMs: 9000, endMs: 11_000, from: 0, to: -0.5 });
          return [detection(jittered(boxAt(there + back, 0.5), random, 0.05))];
        });
        const { confirmed } = follow(frames);
        assert.deepEqual(
          confirmed.map(({ id }) => id),
          [1],
          `drop ${drop}, seed ${seed}`,
        );
      }
    }
  });

  it('finds who passed behind something at a run', () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const frames = scene({ durationMs: 2200, seed }, (atMs, random) => {
        const x = 0.1 + (0.4 * atMs) / 1000;
        const behind = atMs > 800 && atMs < 1600;
        return behind ? [] : [detection(jittered(boxAt(x, 0.5), random, 0.04))];
      });
      assert.equal(follow(frames).confirmed.length, 1, `seed ${seed}`);
    }
  });

  it('takes who enters again after leaving for somebody new', () => {
    const frames = scene({ durationMs: 10_000 }, (atMs, random) => {
      const x = between(atMs, { startMs: 0, endMs: 2000, from: 0.5, to: 1.2 });
      const again = between(atMs, { startMs: 4000, endMs: 6000, from: 1.2, to: 0.5 });
      const box = boxAt(atMs < 3000 ? x : again, 0.5);
      const visible = { ...box, xMax: Math.min(1, box.xMax) };
      return visible.xMax - visible.xMin > 0.03 ? [detection(jittered(visible, random, 0.03))] : [];
    });
    assert.equal(follow(frames).confirmed.length, 2);
  });

  it('never makes two tracks of one person seen as two boxes', () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const body = boxAt(0.5, 0.5, 0.2, 0.8);
      const frames = scene({ durationMs: 10_000, seed }, (_, random) => {
        const boxes = [body, boxAt(0.5, 0.3, 0.18, 0.4), boxAt(0.55, 0.5, 0.3, 0.9)];
        return boxes
          .filter(() => random() < 0.7)
          .map((box) => detection(jittered(box, random, 0.03), 0.5 + 0.3 * random()));
      });
      assert.equal(follow(frames).confirmed.length, 1, `seed ${seed}`);
    }
  });

  it('calls a thing stationary that stays and no longer when it goes', () => {
    const frames = scene({ durationMs: 12_000 }, (atMs, random) => {
      const x = between(atMs, { startMs: 8000, endMs: 10_000, from: 0.3, to: 0.8 });
      return [detection(jittered(boxAt(x, 0.5), random, 0.05))];
    });
    const tracker = new IouTracker(OPTIONS);
    const stationary = frames.map((frame) => tracker.update(frame)[0]?.stationary);
    assert.equal(stationary[40], false);
    assert.equal(stationary[70], true);
    assert.equal(stationary[100], false);
  });
});
