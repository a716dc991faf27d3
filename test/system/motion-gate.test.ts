import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventPayload } from '../../src/contract/event-schema.js';
import { accounted } from '../helpers/daemon-process.js';
import { noMosquitto } from '../helpers/mosquitto.js';
import { noReferenceData } from '../helpers/reference-data.js';
import { runVideo } from '../helpers/video-run.js';

/** Of the frames' time; a frame has 0.1 s. */
const SAME_S = 0.25;

interface Run {
  readonly counts: Readonly<Record<string, number>>;
  /** Each start and end of a person, with the time of its frame. */
  readonly events: readonly { readonly phase: string; readonly atS: number }[];
  readonly motion: readonly string[];
}

async function run(isGateOn: boolean): Promise<Run> {
  const { counts, payloads } = await runVideo({ 'motion.gate': isGateOn });
  const events = payloads('/event/person/')
    .map((payload) => JSON.parse(payload) as EventPayload)
    .filter(({ phase }) => phase !== 'update');
  return {
    counts,
    events: events.map(({ phase, time }) => ({ phase, atS: Number(time.capture_mono_ns) / 1e9 })),
    motion: payloads('/cam/camera/motion'),
  };
}

describe('the motion gate of lookout run', { skip: noReferenceData || noMosquitto }, () => {
  it('spares frames, and the events are the same', { timeout: 300_000 }, async (t) => {
    const open = await run(false);
    const gated = await run(true);
    assert.equal(open.counts.gated, 0);
    assert.ok((gated.counts.gated ?? 0) > 20, JSON.stringify(gated.counts));
    assert.equal(accounted(gated.counts), gated.counts.framesIn);
    t.diagnostic(`${gated.counts.gated} of ${gated.counts.framesIn} frames were spared`);
    assert.deepEqual(
      gated.events.map(({ phase }) => phase),
      open.events.map(({ phase }) => phase),
    );
    for (const [index, { phase, atS }] of gated.events.entries()) {
      const apartS = Math.abs(atS - (open.events[index]?.atS ?? 0));
      assert.ok(apartS <= SAME_S, `${phase} at ${atS} s is ${apartS} s apart`);
    }
    assert.deepEqual([open.motion.at(-1), gated.motion.at(-1)], ['OFF', 'OFF']);
    assert.ok(open.motion.includes('ON') && gated.motion.includes('ON'));
  });
});
