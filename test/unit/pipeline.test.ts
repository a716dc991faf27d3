import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Detector } from '../../src/detection/detector.js';
import type { Frame } from '../../src/domain/frame.js';
import type { TrackEvent } from '../../src/domain/track-event.js';
import { CameraError, InferenceError } from '../../src/errors.js';
import { zeroCounts } from '../../src/pipeline/frame-counts.js';
import { Pipeline } from '../../src/pipeline/pipeline.js';
import { eventually } from '../helpers/eventually.js';
import { makeFrame } from '../helpers/frames.js';
import {
  detectorThat,
  endedFrames,
  framesOf,
  nobody,
  noEvents,
  noTracks,
  partsOf,
  RecordingPublisher,
} from '../helpers/pipeline-parts.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';

const NEVER = new AbortController().signal;

/** Only told apart by identity here. */
function eventOf(phase: TrackEvent['phase']): TrackEvent {
  return { phase } as TrackEvent;
}

function randomPause(random: () => number): () => Promise<unknown> {
  return () => (random() < 0.1 ? sleep(random() * 3) : turn());
}

describe('Pipeline', () => {
  it('detects, follows and publishes every frame of a source that waits', async () => {
    const publisher = new RecordingPublisher();
    const seen: number[] = [];
    const pipeline = new Pipeline(
      partsOf({
        frames: framesOf(50),
        pacing: 'on-demand',
        // A frame that waits for a slow detector is not late: its source waits too.
        queue: { capacity: 1, maxAgeMs: 0 },
        detector: detectorThat(async ({ sequence }) => {
          seen.push(sequence);
          if (sequence % 10 === 0) await sleep(3);
        }),
        publisher,
      }),
    );
    await pipeline.run(NEVER);
    const expected = Array.from({ length: 50 }, (_, sequence) => sequence);
    assert.deepEqual(seen, expected);
    assert.deepEqual(pipeline.counts, { ...zeroCounts(), framesIn: 50, detected: 50 });
    const captured = publisher.states.map((state) => state.kind === 'tracks' && state.capturedAtMs);
    assert.deepEqual(
      captured,
      expected.map((sequence) => makeFrame({ sequence }).capturedAtMs),
    );
  });

  it('passes over frames beyond the rate it is limited to', async () => {
    const pipeline = new Pipeline(partsOf({ frames: framesOf(50), pacing: 'on-demand' }));
    pipeline.limitRate(0.1);
    await pipeline.run(NEVER);
    const { over_rate } = pipeline.counts.dropped;
    assert.ok(over_rate > 0);
    assert.equal(endedFrames(pipeline.counts), 50);
  });

  it('passes over frames that the gate refuses, and tells it what is followed', async () => {
    const detected: number[] = [];
    const followed: number[] = [];
    const pipeline = new Pipeline(
      partsOf({
        frames: framesOf(30),
        pacing: 'on-demand',
        gate: {
          admits: ({ sequence }) => sequence % 3 === 0,
          follow: (tracks) => followed.push(tracks.length),
        },
        detector: detectorThat(async ({ sequence }) => void detected.push(sequence)),
      }),
    );
    await pipeline.run(NEVER);
    assert.deepEqual(
      detected,
      Array.from({ length: 10 }, (_, i) => 3 * i),
    );
    assert.equal(followed.length, 10);
    assert.equal(pipeline.counts.dropped.gated, 20);
    assert.equal(endedFrames(pipeline.counts), 30);
  });

  it('lets the gate see every frame, also while it is paused, but none beyond the rate', async () => {
    const seen: number[] = [];
    const gate = {
      admits: ({ sequence }: Frame) => seen.push(sequence) > 10,
      follow() {},
    };
    const parts = partsOf({ frames: framesOf(40), pacing: 'on-demand', gate });
    const pipeline = new Pipeline(parts);
    pipeline.pause();
    // Frames are 0.1 s apart.
    pipeline.limitRate(5);
    await pipeline.run(NEVER);
    assert.equal(seen.length, 20);
    const { over_rate, paused } = pipeline.counts.dropped;
    assert.deepEqual([over_rate, paused], [20, 20]);
  });

  it('limits inferences behind the gate: the first admitted frame is detected at once', async () => {
    const detected: number[] = [];
    const pipeline = new Pipeline(
      partsOf({
        frames: framesOf(60),
        pacing: 'on-demand',
        gate: { admits: ({ sequence }) => sequence >= 33, follow() {} },
        detector: detectorThat(async ({ sequence }) => void detected.push(sequence)),
      }),
    );
    pipeline.limitInference(1);
    await pipeline.run(NEVER);
    assert.deepEqual([detected[0], detected.length], [33, 3]);
    const { gated, over_rate } = pipeline.counts.dropped;
    assert.deepEqual([gated, over_rate], [33, 24]);
  });

  it('tells each change of pause once, and the gate that nothing is followed', () => {
    const told: unknown[] = [];
    const pipeline = new Pipeline(
      partsOf({
        gate: { admits: () => true, follow: (tracks) => told.push(tracks) },
        observer: { ...nobody, detectionPaused: (isPaused) => told.push(isPaused) },
      }),
    );
    pipeline.resume();
    pipeline.pause();
    pipeline.pause();
    pipeline.resume();
    assert.deepEqual(told, [[], true, false]);
  });

  it('drops frames of a live source when the detector is late', async () => {
    const pipeline = new Pipeline(
      partsOf({ frames: framesOf(200), detector: detectorThat(() => sleep(5)) }),
    );
    await pipeline.run(NEVER);
    const { framesIn, detected, dropped } = pipeline.counts;
    assert.equal(framesIn, 200);
    assert.equal(detected + dropped.queue_full, 200);
    assert.ok(dropped.queue_full > 0);
  });

  it('gives the buffers of dropped frames back to the pool', async () => {
    const { pool, ...rest } = partsOf({
      frames: framesOf(3),
      detector: detectorThat(() => sleep(20)),
    });
    const given: unknown[] = [];
    pool.give = (data) => given.push(data);
    const pipeline = new Pipeline({ ...rest, pool });
    await pipeline.run(NEVER);
    const { queue_full, too_old } = pipeline.counts.dropped;
    assert.ok(queue_full > 0);
    assert.equal(given.length, queue_full + too_old);
  });

  it('accounts for every frame when it is stopped at any moment', async () => {
    for (let seed = 1; seed <= 80; seed++) {
      const random = seededRandom(seed);
      const pause = randomPause(random);
      const stop = new AbortController();
      const pipeline = new Pipeline(
        partsOf({
          frames: framesOf(100_000, randomPause(random)),
          pacing: seed % 2 === 0 ? 'live' : 'on-demand',
          queue: { capacity: 1 + (seed % 3), maxAgeMs: seed % 5 === 0 ? 1 : 1_000 },
          detector: detectorThat(async () => {
            await pause();
            if (random() < 0.1) throw new InferenceError('bad frame');
          }),
        }),
      );
      const running = pipeline.run(stop.signal);
      await sleep(random() * 10);
      stop.abort();
      await running;
      const { counts } = pipeline;
      assert.equal(endedFrames(counts), counts.framesIn, `seed ${seed}: ${JSON.stringify(counts)}`);
    }
  });

  it('takes no frame when it was stopped before it began', async () => {
    const pipeline = new Pipeline(
      partsOf({
        // Such a source notices the signal only when it is asked for the next frame.
        frames: async function* frames() {
          yield makeFrame();
        },
      }),
    );
    await pipeline.run(AbortSignal.abort());
    const { framesIn, detected, dropped } = pipeline.counts;
    assert.deepEqual([framesIn, detected, dropped.stopped], [1, 0, 1]);
  });

  it('counts frames that waited too long', async () => {
    const pipeline = new Pipeline(
      partsOf({
        frames: framesOf(4),
        queue: { capacity: 3, maxAgeMs: 100 },
        detector: detectorThat(({ sequence }) => sleep(sequence === 0 ? 200 : 0)),
      }),
    );
    await pipeline.run(NEVER);
    assert.deepEqual(pipeline.counts.dropped, { ...zeroCounts().dropped, too_old: 3 });
    assert.equal(pipeline.counts.detected, 1);
  });

  it('goes on after frames that could not be run, and reports each', async () => {
    const failed: string[] = [];
    const pipeline = new Pipeline(
      partsOf({
        frames: framesOf(60),
        pacing: 'on-demand',
        detector: detectorThat(async ({ sequence }) => {
          if (sequence % 2 === 1) throw new InferenceError(`frame ${sequence}`);
        }),
        observer: { ...nobody, detectionFailed: ({ message }) => failed.push(message) },
      }),
    );
    await pipeline.run(NEVER);
    assert.equal(pipeline.counts.detected, 30);
    assert.equal(pipeline.counts.dropped.error, 30);
    assert.equal(failed.length, 30);
    assert.equal(failed[0], 'frame 1');
  });

  for (const [pacing, failures] of [
    ['live', 20],
    // The next one lay ready at the detector.
    ['on-demand', 21],
  ] as const) {
    it(`gives up after 20 failures in a row, ${pacing}`, async () => {
      const pipeline = new Pipeline(
        partsOf({
          frames: framesOf(1_000),
          pacing,
          detector: detectorThat(async () => {
            throw new InferenceError('broken');
          }),
        }),
      );
      await assert.rejects(pipeline.run(NEVER), /20 frames in a row failed, the last with: broken/);
      const { counts } = pipeline;
      assert.equal(counts.dropped.error, failures);
      assert.equal(endedFrames(counts), counts.framesIn);
    });
  }

  it('stops the source and passes on the reason when the detector is lost', async () => {
    let stopped: boolean | undefined;
    const reason = new Error('the worker is gone');
    const pipeline = new Pipeline(
      partsOf({
        frames: async function* frames(signal) {
          yield* framesOf(100_000)(signal);
          stopped = signal.aborted;
        },
        detector: detectorThat(async ({ sequence }) => {
          if (sequence >= 3) throw reason;
        }),
      }),
    );
    await assert.rejects(pipeline.run(NEVER), reason);
    assert.equal(stopped, true);
    assert.equal(pipeline.counts.dropped.error, 1);
    assert.equal(endedFrames(pipeline.counts), pipeline.counts.framesIn);
  });

  it('detects what waits before it passes on that the source failed', async () => {
    const reason = new CameraError('unplugged');
    const pipeline = new Pipeline(
      partsOf({
        frames: async function* frames(signal) {
          yield* framesOf(3)(signal);
          throw reason;
        },
        queue: { capacity: 3, maxAgeMs: 60_000 },
        detector: detectorThat(() => sleep(2)),
      }),
    );
    await assert.rejects(pipeline.run(NEVER), reason);
    assert.deepEqual(pipeline.counts, { ...zeroCounts(), framesIn: 3, detected: 3 });
  });

  for (const [how, throwsAt] of [
    ['is through', -1],
    ['fails', 2],
  ] as const) {
    it(`ends every open event when the source ${how}`, async () => {
      const publisher = new RecordingPublisher();
      const [start, end] = [eventOf('start'), eventOf('end')];
      const pipeline = new Pipeline(
        partsOf({
          frames: async function* frames() {
            for (let sequence = 0; sequence < 3; sequence++) {
              if (sequence === throwsAt) throw new CameraError('unplugged');
              yield makeFrame({ sequence });
            }
          },
          pacing: 'on-demand',
          events: {
            update: (_, { frame }) => (frame.sequence === 0 ? [start] : []),
            endAll: () => [end],
          },
          publisher,
        }),
      );
      await pipeline.run(NEVER).catch(() => {});
      assert.deepEqual(publisher.events, [start, end]);
    });
  }

  it('tells the observer of each step of a frame', async () => {
    const steps: string[] = [];
    const pipeline = new Pipeline(
      partsOf({
        frames: framesOf(1),
        tracker: {
          update: (result) => {
            steps.push('tracked');
            return noTracks.update(result);
          },
          reset: () => steps.push('reset'),
        },
        events: noEvents,
        observer: {
          framePassedOver: () => steps.push('passed over'),
          detectionPaused: () => steps.push('paused'),
          frameArrived: () => steps.push('arrived'),
          detectionStarted: () => steps.push('started'),
          frameDetected: () => steps.push('detected'),
          detectionFailed: () => steps.push('failed'),
        },
      }),
    );
    await pipeline.run(NEVER);
    assert.deepEqual(steps, ['arrived', 'started', 'tracked', 'detected']);
  });

  it('passes frames over while it is paused, and what it followed has ended', async () => {
    const passedOver: number[] = [];
    const publisher = new RecordingPublisher();
    const resets: string[] = [];
    const parts = partsOf({
      frames: framesOf(30),
      pacing: 'on-demand',
      publisher,
      tracker: { ...noTracks, reset: () => resets.push('reset') },
      events: { update: () => [], endAll: () => [eventOf('end')] },
      observer: {
        ...nobody,
        frameDetected: () => {
          if (pipeline.counts.detected === 10) pipeline.pause();
        },
        framePassedOver: () => {
          passedOver.push(pipeline.counts.framesIn);
          if (passedOver.length === 5) pipeline.resume();
        },
      },
    });
    const pipeline: Pipeline = new Pipeline(parts);
    await pipeline.run(NEVER);
    const { framesIn, detected, dropped } = pipeline.counts;
    assert.equal(dropped.paused, 5);
    assert.deepEqual(resets, ['reset']);
    assert.equal(framesIn, 30);
    assert.equal(detected, 25);
    assert.equal(publisher.events.length, 2);
    const empty = publisher.states.filter((state) => state.kind === 'tracks').at(10);
    assert.deepEqual(empty?.tracks, []);
  });

  for (const [pacing, most] of [
    ['live', 1],
    ['on-demand', 2],
  ] as const) {
    it(`asks for at most ${most} detections at once of a source that is ${pacing}`, async () => {
      const random = seededRandom(3);
      const inner = detectorThat(() => sleep(seededInteger(random, 3)));
      const asked: number[] = [];
      let atOnce = 0;
      const detector: Detector = {
        ...inner,
        async detect(frame, queuedMs) {
          atOnce += 1;
          asked.push(atOnce);
          const result = await inner.detect(frame, queuedMs);
          atOnce -= 1;
          return result;
        },
      };
      const queue = { capacity: 3, maxAgeMs: 60_000 };
      const pipeline = new Pipeline(partsOf({ frames: framesOf(100), pacing, queue, detector }));
      await pipeline.run(NEVER);
      assert.ok(pipeline.counts.detected > 1);
      assert.equal(Math.max(...asked), most);
    });
  }

  it('follows what is on the last frame of a source that waits without another one', async () => {
    const publisher = new RecordingPublisher();
    const stop = new AbortController();
    const pipeline = new Pipeline(
      partsOf({
        frames: async function* frames(signal) {
          yield* framesOf(3)(signal);
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        },
        pacing: 'on-demand',
        publisher,
      }),
    );
    const running = pipeline.run(stop.signal);
    await eventually('three frames are followed', () => publisher.states.length === 3);
    stop.abort();
    await running;
  });
});
