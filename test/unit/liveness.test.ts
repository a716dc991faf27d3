import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Liveness } from '../../src/supervision/liveness.js';

const LIMITS = { inferenceMs: 20_000, captureMs: 75_000, pauseMs: 60_000 };

describe('Liveness', () => {
  let nowMs = 0;
  let liveness: Liveness;

  beforeEach(() => {
    nowMs = 1_000;
    liveness = new Liveness(() => nowMs, LIMITS);
  });

  /** Every `intervalMs` for `durationMs`, with the step at its end. */
  function every(intervalMs: number, durationMs: number, step: () => void): void {
    for (const endMs = nowMs + durationMs; nowMs < endMs; ) {
      nowMs += intervalMs;
      step();
    }
  }

  function detectFrame(detected = true): void {
    liveness.frameArrived();
    liveness.inferenceStarted();
    nowMs += 50;
    liveness.inferenceFinished(detected);
  }

  function assertDead(reason: RegExp): void {
    const verdict = liveness.verdict();
    assert.ok(!verdict.alive, 'should be dead');
    assert.match(verdict.reason, reason);
  }

  function assertAlive(): void {
    assert.deepEqual(liveness.verdict(), { alive: true });
  }

  it('is alive while frames come and are detected', () => {
    every(100, 600_000, () => {
      detectFrame();
      assertAlive();
    });
  });

  it('is alive with a source that gives one frame a minute', () => {
    every(60_000, 3_600_000, () => {
      assertAlive();
      detectFrame();
    });
    assertAlive();
  });

  it('measures an inference that waited for another from the end of that one', () => {
    liveness.frameArrived();
    liveness.inferenceStarted();
    liveness.inferenceStarted();
    nowMs += LIMITS.inferenceMs;
    liveness.inferenceFinished(true);
    nowMs += LIMITS.inferenceMs;
    assertAlive();
    nowMs += 1;
    assertDead(/^an inference has been running for 20\.0 s, /);
    liveness.inferenceFinished(true);
    assertAlive();
  });

  it('is dead when one inference takes longer than its limit, until it ends', () => {
    liveness.frameArrived();
    liveness.inferenceStarted();
    nowMs += LIMITS.inferenceMs;
    assertAlive();
    nowMs += 1_000;
    assertDead(/^an inference has been running for 21\.0 s, longer than 20 s$/);
    liveness.inferenceFinished(true);
    assertAlive();
  });

  it('is dead when the worker is stuck although frames go on coming', () => {
    liveness.inferenceStarted();
    every(100, LIMITS.inferenceMs + 100, () => liveness.frameArrived());
    assertDead(/inference has been running/);
  });

  it('is dead when frames come and no inference is begun', () => {
    every(100, LIMITS.inferenceMs, () => liveness.frameArrived());
    assertAlive();
    every(100, 300, () => liveness.frameArrived());
    assertDead(/^frames came in and none was detected for 20\.\d s/);
  });

  it('is dead when every inference fails, and alive after the first that does not', () => {
    every(100, LIMITS.inferenceMs + 1_000, () => detectFrame(false));
    assertDead(/none was detected/);
    detectFrame(true);
    assertAlive();
  });

  it('forgives a failed inference of a slow source', () => {
    detectFrame(true);
    nowMs += 60_000;
    detectFrame(false);
    nowMs += 60_000;
    liveness.frameArrived();
    assertAlive();
  });

  it('is alive while a camera that is away is tried again within the longest back-off', () => {
    detectFrame();
    every(45_000, 3_600_000, () => {
      assertAlive();
      liveness.cameraAttempted();
    });
    assertAlive();
  });

  it('is alive while a camera is away that left after frames that failed', () => {
    every(50, 500, () => detectFrame(false));
    every(30_000, 600_000, () => {
      liveness.cameraAttempted();
      assertAlive();
    });
  });

  it('is dead when the capture loop neither gives a frame nor tries', () => {
    detectFrame();
    nowMs += LIMITS.captureMs - 1_000;
    assertAlive();
    nowMs += 2_000;
    assertDead(/^the camera gave no frame and was not tried for 76\.\d s, longer than 75 s$/);
    liveness.cameraAttempted();
    assertAlive();
  });

  it('is dead when a start never comes to its first attempt', () => {
    nowMs += LIMITS.captureMs;
    assertAlive();
    nowMs += 1_000;
    assertDead(/was not tried/);
  });

  it('asks nothing during a pause, for as long as a pause may last', () => {
    liveness.inferenceStarted();
    liveness.paused('the reload');
    nowMs += LIMITS.pauseMs;
    assertAlive();
    nowMs += 1_000;
    assertDead(/^the reload has taken 61\.0 s, longer than 60 s$/);
  });

  it('measures anew what was under way during a pause', () => {
    liveness.frameArrived();
    liveness.inferenceStarted();
    liveness.paused('the reload');
    nowMs += 50_000;
    liveness.resumed();
    nowMs += LIMITS.inferenceMs;
    assertAlive();
    nowMs += 1_000;
    assertDead(/inference has been running for 21\.0 s/);
  });

  it('does not let a second pause extend the first', () => {
    liveness.paused('the reload');
    nowMs += 50_000;
    liveness.paused('the end of the source');
    nowMs += 20_000;
    assertDead(/^the reload has taken/);
  });
});
