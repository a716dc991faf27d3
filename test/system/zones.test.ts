import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventPayload } from '../../src/contract/event-schema.js';
import { BUNDLED_MODEL } from '../helpers/bundled-model.js';
import { DaemonProcess } from '../helpers/daemon-process.js';
import { eventually } from '../helpers/eventually.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';

/** From here on the middle is far enough for there to be no doubt. */
const CLEARLY = 0.15;

const ROOT = 'lookout/test';

describe('zones of lookout run', { skip: noMosquitto }, () => {
  it('have in them who stands in them', { timeout: 300_000 }, async (t) => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using daemon = DaemonProcess.start({
      'camera.source': 'synthetic',
      'camera.seed': 2,
      'camera.fps': 10,
      'camera.pace': 'max',
      'camera.duration_s': 120,
      'model.file': BUNDLED_MODEL,
      'mqtt.url': broker.url,
      'tracking.update_interval_s': 0.5,
      engine: 'tfjs',
      zones: 'left 0,0 0.5,0 0.5,1 0,1; right 0.5,0 1,0 1,1 0.5,1; all 0,0 1,0 1,1 0,1',
    });
    const { code } = await daemon.end();
    assert.equal(code, 0, daemon.saidLast());
    await eventually('the last state', () => subscriber.last(`${ROOT}/status`) === 'offline');

    const events = subscriber
      .payloads('/event/')
      .map((payload) => JSON.parse(payload) as EventPayload);
    for (const event of events) checkStays(event);
    const clear = events.filter(isClear);
    for (const event of clear) checkSide(event);
    const crossings = events.filter(({ changed }) => changed.includes('zones'));
    t.diagnostic(`${events.length} events, ${clear.length} clear, ${crossings.length} crossings`);
    assert.ok(clear.length >= 8 && crossings.length >= 2);

    const counted = subscriber.payloads(`${ROOT}/cam/camera/zone/all/object/any/count`);
    assert.ok(counted.some((count) => Number(count) > 0));
    assert.equal(counted.at(-1), '0');
  });
});

/** Where it stands, from the middle of the picture to the right. */
function footOf({ box }: EventPayload): number {
  return box.x + box.w / 2 - 0.5;
}

function isClear(event: EventPayload): boolean {
  return Math.abs(footOf(event)) > CLEARLY;
}

function checkSide(event: EventPayload): void {
  const { zones } = event.object;
  const [here, there] = footOf(event) < 0 ? ['left', 'right'] : ['right', 'left'];
  assert.ok(zones.includes(here) && !zones.includes(there), `${footOf(event)}: ${zones}`);
}

/** It was all the time in the zone that is the whole picture. */
function checkStays({ object }: EventPayload): void {
  const { zones, zones_entered, dwell_s, duration_s } = object;
  assert.ok(zones.includes('all'), JSON.stringify(object));
  for (const zone of zones_entered) assert.ok(zone in dwell_s);
  for (const seconds of Object.values(dwell_s)) assert.ok(seconds <= duration_s + 0.001);
  assert.ok(Math.abs((dwell_s.all ?? 0) - duration_s) <= 0.001);
}
