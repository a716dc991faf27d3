import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CameraCondition } from '../../src/domain/camera-condition.js';
import { CameraWatch } from '../../src/health/camera-watch.js';

/** A camera that is watched, with a clock that is turned by hand. */
class Watched {
  readonly told: CameraCondition[] = [];
  nowMs = 0;
  readonly watch = new CameraWatch(
    (condition) => this.told.push(condition),
    () => this.nowMs,
  );

  get last(): string {
    const { phase = '', reason = null, restarts = 0 } = this.told.at(-1) ?? {};
    return `${phase}${reason === null ? '' : `: ${reason}`}, ${restarts}`;
  }

  /** A frame comes and is dealt with, `afterMs` later. */
  frame(afterMs = 100): void {
    this.nowMs += afterMs;
    this.watch.frameArrived();
    this.watch.frameDealtWith();
  }

  /** Time passes, and it is looked once a second. */
  wait(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.nowMs += 1_000;
      this.watch.look();
    }
  }
}

/** One that runs. */
function running(): Watched {
  const camera = new Watched();
  camera.watch.started();
  camera.frame();
  camera.frame();
  return camera;
}

describe('CameraWatch', () => {
  it('starts, and runs with the first frame that is dealt with', () => {
    const camera = new Watched();
    assert.equal(camera.last, 'starting, 0');
    camera.wait(20);
    camera.watch.started();
    camera.watch.frameArrived();
    assert.equal(camera.last, 'starting, 0');
    camera.frame();
    assert.equal(camera.last, 'running, 0');
    assert.equal(camera.told.length, 2);
  });

  it('tells nothing while nothing changes', () => {
    const camera = running();
    for (let i = 0; i < 100; i++) camera.frame();
    assert.equal(camera.told.length, 2);
  });

  it('has stalled when no frame comes, and runs again with the next', () => {
    const camera = running();
    camera.wait(2);
    assert.equal(camera.last, 'running, 0');
    camera.wait(1);
    assert.equal(camera.last, 'stalled: No frame comes, 0');
    camera.frame();
    assert.equal(camera.last, 'running, 0');
  });

  it('has stalled when frames come and none is detected', () => {
    const camera = running();
    for (let i = 0; i < 3; i++) {
      camera.wait(1);
      camera.watch.frameArrived();
    }
    assert.equal(camera.last, 'stalled: No frame is detected, 0');
  });

  it('gives a slow camera time', () => {
    const camera = running();
    camera.frame(5_000);
    camera.wait(19);
    assert.equal(camera.last, 'running, 0');
    camera.wait(2);
    assert.equal(camera.last, 'stalled: No frame comes, 0');
  });

  it('is started again from its failure to the first frame of the new start', () => {
    const camera = running();
    camera.watch.away('gone');
    assert.equal(camera.last, 'restarting: gone, 1');
    camera.watch.away('still gone');
    assert.equal(camera.last, 'restarting: still gone, 2');
    assert.ok(!camera.watch.isGiving);
    // The detector was busy with it.
    camera.watch.frameDealtWith();
    assert.equal(camera.last, 'restarting: still gone, 2');
    camera.watch.started();
    camera.frame();
    assert.equal(camera.last, 'running, 2');
  });

  it('keeps the begin of a phase whose reason changes', () => {
    const camera = running();
    camera.watch.away('one');
    camera.watch.away('two');
    const [before, after] = camera.told.slice(-2);
    assert.equal(before?.sinceMs, after?.sinceMs);
  });

  it('is paused while detection is switched off, also after it was away', () => {
    const camera = running();
    camera.watch.pause(true);
    assert.equal(camera.last, 'paused, 0');
    camera.watch.away('gone');
    assert.equal(camera.last, 'restarting: gone, 1');
    camera.watch.started();
    camera.frame();
    assert.equal(camera.last, 'paused, 1');
    camera.wait(3);
    assert.equal(camera.last, 'stalled: No frame comes, 1');
    camera.frame();
    camera.watch.pause(false);
    assert.equal(camera.last, 'running, 1');
  });
});
