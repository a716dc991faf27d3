import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Track } from '../../src/domain/track.js';
import type { TrackEvent } from '../../src/domain/track-event.js';
import { TrackEvents } from '../../src/tracking/track-events.js';
import { boxAt, detectedAt } from '../helpers/scene.js';

const UNIX_MS = 1_700_000_000_000;

/** A confirmed track that was first seen at 0 and is in sight at `atMs`. */
function track(atMs: number, fields: Partial<Track> = {}): Track {
  return {
    id: 1,
    state: 'confirmed',
    label: 'person',
    classId: 0,
    score: 0.62,
    box: boxAt(0.5, 0.5),
    hits: 3,
    missedFrames: 0,
    firstSeenMs: UNIX_MS,
    lastSeenMs: UNIX_MS + atMs,
    firstSeenMonotonicMs: 0,
    lastSeenMonotonicMs: atMs,
    velocity: { xPerS: 0, yPerS: 0 },
    stationary: false,
    zones: [],
    model: detectedAt(atMs, []).model,
    ...fields,
  };
}

/** Shows one state of the tracks a second from 0 on, and returns all events. */
function events(states: readonly (readonly Track[])[], log = eventLog()): TrackEvent[] {
  return states.flatMap((tracks, second) => log.update(tracks, detectedAt(second * 1000, [])));
}

function eventLog(): TrackEvents {
  return new TrackEvents({ updateIntervalMs: 2000 });
}

/** The events as `time phase changed`, time in seconds of the frame. */
function summary(list: readonly TrackEvent[]): string[] {
  return list.map(({ frame, phase, changed }) =>
    [frame.monotonicMs / 1000, phase, ...changed].join(' '),
  );
}

describe('TrackEvents', () => {
  it('starts a track when it is confirmed and ends it when it is gone', () => {
    const list = events([
      [track(0, { state: 'tentative' })],
      [track(1000)],
      [track(1000, { state: 'lost', missedFrames: 1, box: boxAt(0.9, 0.5) })],
      [],
      [],
    ]);
    assert.deepEqual(summary(list), ['1 start', '3 end']);
    const [start, end] = list;
    assert.equal(start?.endedAtMs, null);
    assert.equal(start?.durationMs, 1000);
    assert.deepEqual(start?.path, []);
    assert.equal(end?.endedAtMs, UNIX_MS + 1000);
    assert.equal(end?.durationMs, 1000);
    assert.equal(end?.path.length, 2);
    assert.deepEqual(end?.track.box, boxAt(0.5, 0.5));
    assert.equal(end?.model.name, 'made-up');
    assert.equal(end?.timings.inferenceMs, 2);
  });

  it('says nothing of a track that was never confirmed', () => {
    const tentative = track(0, { state: 'tentative' });
    assert.deepEqual(events([[tentative], [tentative], []]), []);
  });

  it('updates when the object comes to rest and when it moves off', () => {
    const list = events([
      [track(0)],
      [track(1000)],
      [track(2000)],
      [track(3000, { stationary: true })],
      [track(4000, { stationary: true })],
      [track(5000, { stationary: true })],
      [track(6000)],
    ]);
    assert.deepEqual(summary(list), ['0 start', '3 update stationary', '6 update stationary']);
  });

  it('updates when the best score rises into a higher band of 0.1, not when it falls', () => {
    const scores = [0.62, 0.69, 0.7, 0.5, 0.75, 0.91, 0.2];
    const list = events(scores.map((score, second) => [track(second * 1000, { score })]));
    assert.deepEqual(summary(list), ['0 start', '2 update score', '5 update score']);
    assert.equal(list[1]?.scoreTop, 0.7);
    assert.equal(list[2]?.scoreTop, 0.91);
  });

  it('holds an update back until the interval is over, and drops it when it no longer holds', () => {
    const rest = { stationary: true };
    const held = events([[track(0)], [track(1000, rest)], [track(2000, rest)]]);
    assert.deepEqual(summary(held), ['0 start', '2 update stationary']);
    const fleeting = events([[track(0)], [track(1000, rest)], [track(2000)]]);
    assert.deepEqual(summary(fleeting), ['0 start']);
  });

  it('updates when zones are entered or left, and tells each entry once', () => {
    const inside = { zone: 'path', isInside: true, entries: 1, dwellMs: 0 };
    const left = { ...inside, isInside: false };
    const list = events([
      [track(0, { zones: [inside] })],
      [track(1000, { zones: [inside] })],
      [track(2000, { zones: [left] })],
      [track(3000, { zones: [left, { ...inside, zone: 'door' }] })],
      [track(4000, { zones: [left, { ...inside, zone: 'door' }] })],
      // Out and in again within the interval.
      [track(5000, { zones: [left, { ...inside, zone: 'door', entries: 2 }] })],
      [track(6000, { zones: [left, { ...inside, zone: 'door', entries: 2 }] })],
      [],
    ]);
    assert.deepEqual(summary(list), [
      '0 start',
      '2 update zones',
      '4 update zones',
      '6 update zones',
      '7 end',
    ]);
    assert.deepEqual(
      list.map(({ zonesEntered }) => zonesEntered),
      [['path'], [], ['door'], ['door'], []],
    );
  });

  it('tells with the end what was entered since the last update', () => {
    const inside = { zone: 'door', isInside: true, entries: 1, dwellMs: 0 };
    const list = events([[track(0)], [track(1000, { zones: [inside] })], []]);
    assert.deepEqual(summary(list), ['0 start', '2 end']);
    assert.deepEqual(list[1]?.zonesEntered, ['door']);
  });

  it('names both changes in one update', () => {
    const list = events([[track(0)], [], []]);
    assert.deepEqual(summary(list), ['0 start', '1 end']);
    const both = events([
      [track(0)],
      [track(1000)],
      [track(2000, { stationary: true, score: 0.85 })],
    ]);
    assert.deepEqual(summary(both), ['0 start', '2 update score stationary']);
  });

  it('takes median, top and path over the whole life, without the frames that missed it', () => {
    const scores = [0.4, 0.6, 0.8, 0.8, 0.9];
    const seen = scores.map((score, second) => [
      track(second * 1000, { score, state: second < 2 ? 'tentative' : 'confirmed' }),
    ]);
    const missed = [track(4000, { state: 'lost', score: 0.9, missedFrames: 1 })];
    const end = events([...seen, missed, missed, []]).at(-1);
    assert.equal(end?.phase, 'end');
    assert.ok(Math.abs((end?.scoreMedian ?? 0) - 0.8) < 1 / 255);
    assert.equal(end?.scoreTop, 0.9);
    assert.equal(end?.path.length, 5);
  });

  it('keeps a path of at most 32 points however long the track lives', () => {
    const states = Array.from({ length: 5000 }, (_, second) => [
      track(second * 1000, { box: boxAt(second / 5000, 0.5) }),
    ]);
    const end = events([...states, []]).at(-1);
    assert.ok((end?.path.length ?? 0) <= 32);
    assert.deepEqual(end?.path[0], { x: 0, y: 0.5 });
    assert.ok((end?.path.at(-1)?.x ?? 0) > 0.999);
  });

  it('ends what is open when no frame will come, once', () => {
    const log = eventLog();
    assert.deepEqual(log.endAll(), []);
    events([[track(0), track(0, { id: 2 }), track(0, { id: 3, state: 'tentative' })]], log);
    const list = log.endAll();
    assert.deepEqual(
      list.map(({ phase, track: { id }, endedAtMs }) => [phase, id, endedAtMs]),
      [
        ['end', 1, UNIX_MS],
        ['end', 2, UNIX_MS],
      ],
    );
    assert.deepEqual(log.endAll(), []);
  });

  it('tells ends before starts', () => {
    const list = events([[track(0)], [track(1000, { id: 2 })]]);
    assert.deepEqual(
      list.map(({ phase, track: { id } }) => [phase, id]),
      [
        ['start', 1],
        ['end', 1],
        ['start', 2],
      ],
    );
  });
});
