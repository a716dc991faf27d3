import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameMeter } from '../../src/health/frame-meter.js';

const TIMINGS = { queueMs: 1, preprocessMs: 2, inferenceMs: 10, postprocessMs: 0 };

describe('FrameMeter', () => {
  it('gives rates since the reading before', () => {
    let nowMs = 0;
    const meter = new FrameMeter(() => nowMs);
    for (let i = 0; i < 31; i++) {
      nowMs += 100;
      meter.frameArrived();
      if (i % 2 === 0) meter.frameDetected({ timings: TIMINGS });
    }
    const first = meter.read();
    assert.equal(first.fpsIn, 10);
    assert.equal(first.fpsDetected, 5);
    assert.equal(first.lastFrameAgeMs, 0);
    assert.deepEqual(first.latencyMs, { p50: 13, p95: 13 });
    nowMs += 2_000;
    const second = meter.read();
    assert.equal(second.fpsIn, 0);
    assert.equal(second.lastFrameAgeMs, 2_000);
    assert.deepEqual(second.inferenceMs, { p50: 10, p95: 10 });
  });

  it('tells how long ago there was progress: a frame detected, or passed over', () => {
    let nowMs = 0;
    const meter = new FrameMeter(() => nowMs);
    meter.frameArrived();
    assert.equal(meter.read().progressAgeMs, null);
    meter.frameDetected({ timings: TIMINGS });
    nowMs = 70;
    meter.frameArrived();
    assert.equal(meter.read().progressAgeMs, 70);
    meter.framePassedOver();
    assert.equal(meter.read().progressAgeMs, 0);
    assert.equal(meter.read().lastFrameAgeMs, 0);
  });

  it('knows nothing before the first frame', () => {
    const { lastFrameAgeMs, inferenceMs } = new FrameMeter(() => 0).read();
    assert.equal(lastFrameAgeMs, null);
    assert.deepEqual(inferenceMs, { p50: null, p95: null });
  });

  it('counts the restarts of the last hour', () => {
    let nowMs = 0;
    const meter = new FrameMeter(() => nowMs);
    meter.cameraRestarted();
    nowMs = 1_800_000;
    meter.cameraRestarted();
    assert.equal(meter.read().restartsInHour, 2);
    nowMs = 3_700_000;
    assert.equal(meter.read().restartsInHour, 1);
  });
});
