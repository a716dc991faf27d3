import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { WorkerDetector } from '../../src/detection/worker-detector.js';
import type { FrameDetections } from '../../src/domain/detection.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import type { ModelState } from '../../src/domain/model-state.js';
import { readPicture } from '../../src/images/read-picture.js';
import { ModelManager } from '../../src/models/model-manager.js';
import type { ModelSource } from '../../src/models/read-detector-model.js';
import { makeFrame } from '../helpers/frames.js';
import {
  CLASSIC_SSD,
  COCO_LABELS,
  DOG_VS_CAT,
  startDetector,
  TFJS,
} from '../helpers/loaded-detector.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import { SAMPLE_SETUP } from '../helpers/sample-setup.js';
import { tempFolder } from '../helpers/temp-folder.js';

const SWAPS = 30;
const MAX_GROWTH_MB = 40;
const folder = tempFolder();

function sources(): { classic: ModelSource; pets: ModelSource; broken: ModelSource } {
  const [labels, cut] = [join(folder, 'pets.txt'), join(folder, 'cut.tflite')];
  writeFileSync(labels, 'kitten\npuppy\n');
  writeFileSync(cut, readFileSync(CLASSIC_SSD).subarray(0, 2_000_000));
  return {
    classic: { file: CLASSIC_SSD, labels: COCO_LABELS, fit: 'auto' },
    pets: { file: DOG_VS_CAT, labels, fit: 'auto' },
    broken: { file: cut, labels: null, fit: 'auto' },
  };
}

/** Each model has its own word for the cat: which one it was can be told from what it said. */
function assertMadeBy({ model, detections }: FrameDetections): void {
  const label = model.name.startsWith('ssdlite') ? 'kitten' : 'cat';
  assert.ok(detections.length > 0, `${model.name} found nothing`);
  for (const detection of detections) assert.equal(detection.label, label, model.name);
}

/** Detects the same cat again and again until the signal is aborted; gives all the results. */
async function detectUntil(
  detector: WorkerDetector,
  pool: FramePool,
  signal: AbortSignal,
): Promise<FrameDetections[]> {
  const cat = await readPicture(referencePath('images/cat.bmp'));
  const results: FrameDetections[] = [];
  for (let sequence = 0; !signal.aborted; sequence++) {
    const data = pool.take(cat.data.byteLength);
    data.set(cat.data);
    const frame = makeFrame({ ...cat, sequence, data });
    results.push(await detector.detect(frame, 0));
  }
  return results;
}

function rssMb(): number {
  return process.memoryUsage().rss / 2 ** 20;
}

describe('ModelManager with a real worker', { skip: noReferenceData }, () => {
  it('swaps models between frames, keeps the memory flat, and survives broken ones', async (t) => {
    const { classic, pets, broken } = sources();
    const pool = new FramePool();
    await using detector = startDetector({ minScore: () => 0.5, pool });
    const states: ModelState[] = [];
    const manager = new ModelManager({
      host: detector,
      plan: async ({ bytes }) => ({ bytes, engine: TFJS, setup: SAMPLE_SETUP }),
      log: new RecordingLog(),
      onState: (state) => states.push(state),
    });
    await manager.start(classic);
    const stop = new AbortController();
    const detecting = detectUntil(detector, pool, stop.signal);
    const rssAfterSwap: number[] = [];
    try {
      for (let swap = 1; swap <= SWAPS; swap++) {
        states.length = 0;
        await manager.reload(swap % 2 === 1 ? pets : classic);
        assert.deepEqual(
          states.map(({ phase }) => phase),
          ['verifying', 'warming', 'switching', 'active'],
        );
        if (swap % 3 === 0) await assertRejects(manager, states, broken);
        rssAfterSwap.push(rssMb());
      }
    } finally {
      stop.abort();
    }
    const results = await detecting;
    results.forEach(assertMadeBy);
    results.forEach(({ frame }, i) => {
      assert.equal(frame.sequence, i);
    });
    const changes = results.filter(
      ({ model }, i) => i > 0 && model.id !== results[i - 1]?.model.id,
    );
    t.diagnostic(`${results.length} frames, ${changes.length} changes of the model seen in them`);
    assert.ok(changes.length > SWAPS / 3);
    assertFlat(rssAfterSwap, (line) => t.diagnostic(line));
  });
});

async function assertRejects(
  manager: ModelManager,
  states: ModelState[],
  source: ModelSource,
): Promise<void> {
  const active = states.at(-1)?.active;
  states.length = 0;
  await manager.reload(source);
  assert.deepEqual(states.map(({ phase }) => phase).at(-1), 'rejected');
  assert.deepEqual(states.at(-1)?.active, active);
}

/**
 * The lowest of the last ten swaps against the median of the first ten: a model that were kept at
 * each swap would raise even the lowest, garbage that waits to be collected raises single ones.
 */
function assertFlat(rss: readonly number[], say: (line: string) => void): void {
  const at = [1, 10, 20, 30].map((swap) => `${swap}: ${rss[swap - 1]?.toFixed(0)} MB`);
  const firstTen = rss.slice(0, 10).sort((a, b) => a - b);
  const growth = Math.min(...rss.slice(20)) - (firstTen[5] ?? Number.NaN);
  say(`RSS after swap ${at.join(', ')}; growth ${growth.toFixed(1)} MB`);
  assert.ok(growth <= MAX_GROWTH_MB, `memory grew by ${growth.toFixed(1)} MB`);
}
