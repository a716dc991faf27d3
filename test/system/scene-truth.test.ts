import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SceneObject } from '../../src/camera/synthetic/scene.js';
import { SyntheticSource } from '../../src/camera/synthetic-source.js';
import { createTracking } from '../../src/daemon/wiring.js';
import { FramePool } from '../../src/domain/frame-pool.js';
import { ScoreThresholds } from '../../src/domain/score-thresholds.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { load } from '../helpers/config-input.js';
import { startDetector, useModel } from '../helpers/loaded-detector.js';
import { SceneJudge, type SceneScore } from '../helpers/scene-score.js';

/** Never trained with. All ten of two minutes each take some minutes: LOOKOUT_TEST_SCENES=10. */
const FIRST_SEED = 2_000_000;
const SEEDS = Number(process.env.LOOKOUT_TEST_SCENES ?? 2);
const DURATION_S = SEEDS >= 10 ? 120 : 60;
const FPS = 15;

describe('the whole pipeline on drawn scenes', () => {
  it('tells what there is', { timeout: 1_800_000 }, async (t) => {
    const { config } = await load();
    const pool = new FramePool();
    const thresholds = new ScoreThresholds(config.model.threshold);
    await using detector = startDetector({ minScore: () => thresholds.lowest, pool });
    await useModel(detector, BUNDLED_MODEL);
    const scores: SceneScore[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const { tracker, events } = createTracking(config, thresholds);
      const judge = new SceneJudge(FPS);
      let truth: readonly SceneObject[] = [];
      const options = {
        seed,
        widthPx: 640,
        heightPx: 480,
        fps: FPS,
        pace: 'max',
        durationS: DURATION_S,
      } as const;
      const onTruth = (_: unknown, objects: readonly SceneObject[]): void => {
        truth = objects;
      };
      const source = new SyntheticSource({ ...options, onTruth }, pool);
      for await (const frame of source.frames(t.signal)) {
        const timeS = frame.monotonicMs / 1000;
        const result = await detector.detect(frame, 0);
        const tracks = tracker.update(result);
        judge.judge(timeS, truth, tracks, events.update(tracks, result));
      }
      const score = judge.score();
      scores.push(score);
      t.diagnostic(line(`seed ${seed}`, score));
      for (const fault of score.faults) t.diagnostic(`    ${fault}`);
    }
    const total = scores.reduce(sum);
    t.diagnostic(line('all', total));
    assert.ok(total.demanded >= 3 * SEEDS);
    assert.ok(total.right >= 0.95 * total.demanded - 1);
    assert.ok(total.falseEvents <= 0.02 * total.events + 1);
    assert.ok(total.rightSamples >= 0.95 * total.samples);
  });
});

function sum(one: SceneScore, other: SceneScore): SceneScore {
  return {
    demanded: one.demanded + other.demanded,
    right: one.right + other.right,
    events: one.events + other.events,
    falseEvents: one.falseEvents + other.falseEvents,
    samples: one.samples + other.samples,
    rightSamples: one.rightSamples + other.rightSamples,
    faults: [],
  };
}

function line(name: string, score: SceneScore): string {
  const { demanded, right, events, falseEvents, samples, rightSamples } = score;
  const share = (part: number, whole: number): string =>
    `${part} of ${whole}${whole > 0 ? ` (${((100 * part) / whole).toFixed(1)} %)` : ''}`;
  return `${name.padEnd(12)} objects right ${share(right, demanded)}, events false ${share(falseEvents, events)}, numbers right ${share(rightSamples, samples)}`;
}
