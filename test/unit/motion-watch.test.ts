import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Frame } from '../../src/domain/frame.js';
import { MotionWatch } from '../../src/motion/motion-watch.js';
import { plainFrame } from '../helpers/frames.js';
import { sampleTrack } from '../helpers/sample-tracks.js';

const SIZE = 64;

/** A grey picture, 0.1 s after the one before it, with a bright square where one is. */
function frame(number: number, hasSquare: boolean): Frame {
  const picture = plainFrame('yuv420p', SIZE, SIZE, [90, 128, 128]);
  for (let row = 20; hasSquare && row < 30; row++) {
    picture.data.fill(230, row * SIZE + 20, row * SIZE + 30);
  }
  return { ...picture, sequence: number, monotonicMs: number * 100 };
}

/** A watch, what it has told, and how many of so many frames to come it admits. */
function watched() {
  const told: boolean[] = [];
  const watch = new MotionWatch({
    ...{ threshold: 10, minArea: 0.002, offDelayMs: 1_000 },
    ...{ lookEveryMs: 60_000, lookAtRestingMs: 1_000 },
    onMotion: (isMotion) => told.push(isMotion),
  });
  let number = 0;
  const admitted = (frames: number, hasSquare = false): number => {
    let count = 0;
    for (let i = 0; i < frames; i++) if (watch.admits(frame(number++, hasSquare))) count += 1;
    return count;
  };
  return { watch, told, admitted };
}

describe('MotionWatch', () => {
  it('tells motion once when it begins and once when it ends', () => {
    const { told, admitted } = watched();
    admitted(50);
    assert.deepEqual(told, []);
    admitted(10, true);
    assert.deepEqual(told, [true]);
    admitted(60);
    assert.deepEqual(told, [true, false]);
  });

  it('admits every frame while the gate is off', () => {
    assert.equal(watched().admitted(100), 100);
  });

  it('tells as soon with the gate off as with the gate on', async () => {
    const framesUntilTold = async (isGateOn: boolean): Promise<number> => {
      const { watch, told, admitted } = watched();
      watch.switchGate(isGateOn);
      admitted(50);
      let frames = 0;
      for (; told.length === 0 && frames < 20; frames += 1) {
        admitted(1, true);
        await turn();
      }
      return frames;
    };
    assert.equal(await framesUntilTold(false), await framesUntilTold(true));
    assert.ok((await framesUntilTold(true)) < 20);
  });

  it('admits none that is still while the gate is on, and the first that is not', () => {
    const { watch, admitted } = watched();
    watch.switchGate(true);
    assert.ok(admitted(50) >= 20);
    assert.equal(admitted(50), 0);
    assert.equal(admitted(1, true), 1);
    watch.switchGate(false);
    assert.equal(admitted(50), 50);
  });

  it('admits frames while it is told of somebody who is followed', () => {
    const { watch, admitted } = watched();
    watch.switchGate(true);
    admitted(60);
    watch.follow([sampleTrack()]);
    assert.equal(admitted(20), 20);
    watch.follow([]);
    assert.equal(admitted(20), 0);
  });

  it('says that there is no motion, and learns anew, when it is reset', () => {
    const { watch, told, admitted } = watched();
    watch.switchGate(true);
    admitted(60);
    admitted(5, true);
    watch.reset();
    assert.deepEqual(told, [true, false]);
    assert.equal(admitted(15, true), 15);
    assert.deepEqual(told, [true, false]);
  });
});
