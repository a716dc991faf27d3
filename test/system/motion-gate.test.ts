import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventPayload } from '../../src/contract/event-schema.js';
import { accounted, DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { noReferenceData } from '../helpers/reference-data.js';
import { CLASSIC_SSD, ONE_BY_ONE } from '../helpers/reference-models.js';

/** Of the frames' time; a frame has 0.1 s. */
const SAME_S = 0.25;

interface Run {
  readonly counts: Readonly<Record<string, number>>;
  /** Each start and end of a person, with the time of its frame. */
  readonly events: readonly { readonly phase: string; readonly atS: number }[];
  readonly motion: readonly string[];
}

async function run(isGateOn: boolean): Promise<Run> {
  await using broker = await Mosquitto.start();
  await using subscriber = await MosquittoSubscriber.start(broker.port);
  await using daemon = DaemonProcess.start({
    'camera.source': 'replay',
    'camera.path': ONE_BY_ONE,
    'camera.pace': 'max',
    'model.file': CLASSIC_SSD,
    'motion.gate': isGateOn,
    'mqtt.url': broker.url,
  });
  const { code } = await daemon.end();
  assert.equal(code, 0, daemon.saidLast());
  await eventually('the last state', () => subscriber.last('lookout/test/status') === 'offline');
  const payloads = subscriber
    .payloads('/event/person/')
    .map((payload) => JSON.parse(payload) as EventPayload)
    .filter(({ phase }) => phase !== 'update');
  return {
    counts: daemon.counts,
    events: payloads.map(({ phase, time }) => ({ phase, atS: Number(time.capture_mono_ns) / 1e9 })),
    motion: subscriber.payloads('/cam/camera/motion'),
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
