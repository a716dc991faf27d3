import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import type { WorkerDetector } from '../../src/detection/worker-detector.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import { InferenceError } from '../../src/errors.js';
import { eventually } from '../helpers/eventually.js';
import { makeFrame } from '../helpers/frames.js';
import { CLASSIC_SSD, COCO_LABELS, startDetector, useModel } from '../helpers/loaded-detector.js';
import { noReferenceData } from '../helpers/reference-data.js';
import { seededRandom } from '../helpers/seeded-random.js';

const STOPS = 20;
const STOPPER = fileURLToPath(new URL('../helpers/stop-while-detecting.js', import.meta.url));
const run = promisify(execFile);

/** Starts a detector and gives the thread behind it too, to do harm to. */
async function startExposed(): Promise<{ detector: WorkerDetector; worker: Worker }> {
  const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
  const detector = startDetector();
  return { detector, worker: await started };
}

/** A pool that counts what comes back. */
class CountingPool extends FramePool {
  given = 0;

  override give(data: Uint8Array<ArrayBuffer>): void {
    assert.ok(data.byteLength > 0, 'a buffer without bytes came back');
    this.given += 1;
    super.give(data);
  }
}

// None of these loads the engine, so it does not matter how many workers there are.
describe('WorkerDetector without a model', () => {
  it('rejects detection as a failure of the frame and gives its buffer back', async () => {
    const pool = new CountingPool();
    await using detector = startDetector({ pool });
    await assert.rejects(detector.detect(makeFrame(), 0), (thrown) => {
      assert.ok(thrown instanceof InferenceError);
      assert.match(thrown.message, /no model is loaded/);
      return true;
    });
    assert.equal(pool.given, 1);
  });

  it('rejects a frame whose buffer was given away, and goes on', async () => {
    await using detector = startDetector();
    const frame = makeFrame();
    structuredClone(frame.data, { transfer: [frame.data.buffer] });
    await assert.rejects(detector.detect(frame, 0), /^InferenceError: .* it has no bytes/);
    await assert.rejects(detector.detect(makeFrame(), 0), /no model is loaded/);
  });

  it('fails, and refuses at once from then on, when the worker crashes', async () => {
    const { detector, worker } = await startExposed();
    worker.postMessage(null);
    await assert.rejects(detector.failed, /^Error: The inference worker crashed: /);
    await assert.rejects(detector.detect(makeFrame(), 0), /The inference worker crashed/);
    await detector[Symbol.asyncDispose]();
  });

  it('fails when the worker ends by itself, and rejects what was waiting', async () => {
    const { detector, worker } = await startExposed();
    await eventually('the thread runs', () => worker.threadId > 0);
    const waiting = assert.rejects(detector.detect(makeFrame(), 0));
    await worker.terminate();
    await waiting;
    await assert.rejects(detector.failed, /The inference worker has ended/);
  });

  it('stops twice as well as once', async () => {
    const detector = startDetector();
    await detector[Symbol.asyncDispose]();
    await detector[Symbol.asyncDispose]();
    await assert.rejects(detector.detect(makeFrame(), 0), /has ended/);
  });
});

describe('WorkerDetector with a model', { skip: noReferenceData }, () => {
  it('gives every buffer back but the last, and runs frames of any layout', async () => {
    const pool = new CountingPool();
    await using detector = startDetector({ pool });
    await useModel(detector, CLASSIC_SSD, COCO_LABELS);
    const sizes = [
      [640, 480],
      [300, 300],
      [641, 481],
      [16, 9],
    ] as const;
    for (const [widthPx, heightPx] of sizes) {
      for (const pixelFormat of ['yuv420p', 'rgb24'] as const) {
        const frame = makeFrame({ widthPx, heightPx, pixelFormat });
        const askedMs = performance.now();
        const { timings, frame: info } = await detector.detect(frame, 7);
        const tookMs = performance.now() - askedMs;
        assert.deepEqual([info.widthPx, info.heightPx], [widthPx, heightPx]);
        const { queueMs, preprocessMs, inferenceMs, postprocessMs } = timings;
        assert.ok(queueMs > 7 && inferenceMs > 0 && preprocessMs > 0);
        const toldMs = queueMs + preprocessMs + inferenceMs + postprocessMs;
        assert.ok(toldMs <= 7 + tookMs, `${toldMs} of ${tookMs} ms and the 7 before`);
        assert.equal(frame.data.byteLength, 0, 'the buffer was copied instead of transferred');
      }
    }
    assert.equal(pool.given, 7);
    const short = makeFrame({ widthPx: 640, heightPx: 480, data: new Uint8Array(100) });
    await assert.rejects(detector.detect(short, 0), InferenceError);
    assert.equal(pool.given, 8);
    assert.equal((await detector.benchmark(3)).length, 3);
  });

  it('takes no answer in time for a failure, never for an empty result', async () => {
    const timeoutMs = 2_000;
    await using detector = startDetector({ timeoutMs });
    await useModel(detector, CLASSIC_SSD, COCO_LABELS);
    const fastestMs = Math.min(...(await detector.benchmark(3)));
    const tooMany = Math.ceil((timeoutMs * 1.5) / fastestMs);
    await Promise.all([
      assert.rejects(detector.benchmark(tooMany), /is stuck: no answer for 2000 ms/),
      assert.rejects(detector.detect(makeFrame(), 0), /is stuck/),
      assert.rejects(detector.failed, /is stuck/),
    ]);
    await assert.rejects(detector.detect(makeFrame(), 0), /is stuck/);
  });

  it(`ends in order when it is stopped at ${STOPS} random moments`, async () => {
    const random = seededRandom(1);
    const moments = Array.from({ length: STOPS }, () => random() * 250);
    const workers = Array.from({ length: availableParallelism() }, async () => {
      for (let ms = moments.pop(); ms !== undefined; ms = moments.pop()) {
        const during = moments.length % 4 === 0 ? 'load' : 'detect';
        // Rejects when the process exits with anything but 0 or by a signal.
        const { stdout } = await run(process.execPath, [STOPPER, CLASSIC_SSD, `${ms}`, during], {
          timeout: 60_000,
        });
        assert.match(stdout, /^(answered|refused: .*) within \d+ ms\n$/);
      }
    });
    await Promise.all(workers);
  });
});
