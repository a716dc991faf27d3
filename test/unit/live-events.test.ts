import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LiveEvents } from '../../src/publishing/live-events.js';
import { sampleEvent } from '../helpers/sample-tracks.js';

function eventsAt(...times: number[]): LiveEvents {
  const events = new LiveEvents({ maxEvents: 3, maxAgeMs: 10_000 });
  for (const ms of times) events.push(sampleEvent(), `id-${ms}`, ms);
  return events;
}

function takeAll(events: LiveEvents, nowMs: number): string[] {
  const ids: string[] = [];
  for (let parcel = events.take(nowMs); parcel; parcel = events.take(nowMs)) ids.push(parcel.id);
  return ids;
}

describe('LiveEvents', () => {
  it('hands events over in order and counts them from 1', () => {
    const events = eventsAt(1, 2);
    assert.equal(events.take(2)?.seq, 1);
    assert.equal(events.take(2)?.seq, 2);
    assert.equal(events.take(2), null);
  });

  it('drops and counts events older than the live window', () => {
    const events = eventsAt(0, 5_000);
    assert.deepEqual(takeAll(events, 10_001), ['id-5000']);
    assert.deepEqual(events.dropped, { queueFull: 0, tooOld: 1 });
  });

  it('drops the oldest when full, which shows as a gap in seq', () => {
    const events = eventsAt(1, 2, 3, 4, 5);
    assert.equal(events.size, 3);
    assert.equal(events.take(5)?.seq, 3);
    assert.deepEqual(events.dropped, { queueFull: 2, tooOld: 0 });
  });

  it('hands over again what was not acknowledged, before what came later', () => {
    const events = eventsAt(1, 2);
    const first = events.take(2);
    assert.ok(first);
    events.take(2);
    events.acknowledge(first);
    events.push(sampleEvent(), 'id-3', 3);
    events.startOver(3);
    assert.deepEqual(takeAll(events, 3), ['id-2', 'id-3']);
  });

  it('does not pile up old events while nobody takes them', () => {
    const events = new LiveEvents({ maxEvents: 1_000, maxAgeMs: 10_000 });
    for (let ms = 0; ms < 100_000; ms += 1_000) events.push(sampleEvent(), `id-${ms}`, ms);
    assert.equal(events.size, 11);
    assert.equal(events.dropped.tooOld, 89);
  });
});
