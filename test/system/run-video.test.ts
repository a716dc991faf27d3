import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accounted, DaemonProcess } from '../helpers/daemon-process.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { noReferenceData } from '../helpers/reference-data.js';
import { CLASSIC_SSD, ONE_BY_ONE } from '../helpers/reference-models.js';
import { runVideo } from '../helpers/video-run.js';

/** Counted by eye on the frames; each is alone in view. */
const PEOPLE = 6;
const OBJECT = 'lookout/test/cam/camera/object';

interface EventPayload {
  readonly id: string;
  readonly seq: number;
  readonly phase: string;
  readonly object: { readonly track_id: string; readonly label: string };
  readonly model: { readonly name: string; readonly sha256_12: string };
}

describe('lookout run on a video', { skip: noReferenceData || noMosquitto }, () => {
  it('gives one start and one end for each person who passes', { timeout: 300_000 }, async (t) => {
    const { counts, payloads } = await runVideo();
    const events = payloads('/event/')
      .map((payload) => JSON.parse(payload) as EventPayload)
      .filter(({ object }) => object.label === 'person');
    const tracksOf = (phase: string): string[] =>
      events.filter((event) => event.phase === phase).map(({ object }) => object.track_id);
    t.diagnostic(`${events.length} events of ${tracksOf('start').length} people`);
    assert.equal(tracksOf('start').length, PEOPLE);
    assert.deepEqual(tracksOf('end'), tracksOf('start'));
    assert.equal(new Set(tracksOf('start')).size, PEOPLE);
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
    for (const { model } of events) assert.match(model.name, /^ssd_mobilenet_v1/);

    t.diagnostic(`frames ${JSON.stringify(counts)}`);
    assert.equal(counts.framesIn, 1394);
    assert.equal(counts.detected, 1394);
    assert.equal(accounted(counts), counts.framesIn);

    assert.equal(payloads(`${OBJECT}/person/count`).at(-1), '0');
    assert.equal(payloads(`${OBJECT}/person/occupancy`).at(-1), 'OFF');
    assert.equal(payloads('lookout/test/cam/camera/status').at(-1), 'offline');
  });

  it('drops and counts what the detector is too slow for', { timeout: 60_000 }, async () => {
    await using broker = await Mosquitto.start();
    await using daemon = DaemonProcess.start({
      'camera.source': 'replay',
      'camera.path': ONE_BY_ONE,
      // The slow engine on one thread: no machine gets 500 of these frames a second through it.
      'camera.pace': 500,
      'model.file': CLASSIC_SSD,
      engine: 'tfjs',
      threads: 1,
      'mqtt.url': broker.url,
    });
    const { code } = await daemon.end();
    assert.equal(code, 0, daemon.saidLast());
    const { counts } = daemon;
    assert.equal(counts.framesIn, 1394);
    assert.ok((counts.queue_full ?? 0) > 0, JSON.stringify(counts));
    assert.equal(accounted(counts), counts.framesIn);
  });
});
