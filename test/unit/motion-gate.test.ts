import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Track } from '../../src/domain/track.js';
import type { MotionReading } from '../../src/motion/motion-detector.js';
import { MotionGate } from '../../src/motion/motion-gate.js';
import { sampleTrack } from '../helpers/sample-tracks.js';

const OPTIONS = { lookEveryMs: 10_000, lookAtRestingMs: 1_000 };
const RESTING = sampleTrack({ state: 'confirmed', stationary: true, missedFrames: 0 });

/** Times in s at which a frame is admitted, of ten a second. */
function admitted(
  gate: MotionGate,
  { fromS, toS }: { readonly fromS: number; readonly toS: number },
  reading: MotionReading = 'still',
): number[] {
  const count = Math.round((toS - fromS) * 10);
  const times = Array.from({ length: count }, (_, i) => fromS + i / 10);
  return times.filter((atS) => gate.admits(reading, atS * 1000));
}

describe('MotionGate', () => {
  it('admits a frame now and then while all is still', () => {
    assert.deepEqual(admitted(new MotionGate(OPTIONS), { fromS: 0, toS: 35 }), [0, 10, 20, 30]);
  });

  for (const reading of ['moving', 'learning'] as const) {
    it(`admits every frame from the first one that is ${reading}, and for two seconds after`, () => {
      const gate = new MotionGate(OPTIONS);
      admitted(gate, { fromS: 0, toS: 5 });
      assert.equal(admitted(gate, { fromS: 5, toS: 6 }, reading).length, 10);
      assert.equal(admitted(gate, { fromS: 6, toS: 9 }).at(-1), 7.9);
    });
  }

  for (const [name, change] of [
    ['moves', { stationary: false }],
    ['is not sure yet', { state: 'tentative' }],
    ['is out of sight', { state: 'lost' }],
    ['was missed', { missedFrames: 1 }],
  ] as const satisfies readonly (readonly [string, Partial<Track>])[]) {
    it(`admits every frame while an object ${name}`, () => {
      const gate = new MotionGate(OPTIONS);
      admitted(gate, { fromS: 0, toS: 5 });
      gate.follow([RESTING, { ...RESTING, ...change }]);
      assert.equal(admitted(gate, { fromS: 5, toS: 8 }).length, 30);
    });
  }

  it('looks more often where objects stand still, so that they are not lost', () => {
    const gate = new MotionGate(OPTIONS);
    gate.follow([RESTING]);
    assert.deepEqual(admitted(gate, { fromS: 0, toS: 4 }), [0, 1, 2, 3]);
    gate.follow([]);
    assert.deepEqual(admitted(gate, { fromS: 4, toS: 13 }), []);
  });

  it('begins anew on another clock', () => {
    const gate = new MotionGate(OPTIONS);
    assert.ok(gate.admits('moving', 100_000));
    assert.ok(gate.admits('still', 0));
    assert.ok(!gate.admits('still', 100));
  });
});
