import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ObjectStates } from '../../src/publishing/object-states.js';
import { sampleTrack } from '../helpers/sample-tracks.js';

const T0 = 1_700_000_000_000;

function present(slug: string, count: number, active: number, lastSeenMs: number | null) {
  return { kind: 'present', slug, count, active, lastSeenMs };
}

describe('ObjectStates', () => {
  it('counts known labels and their total as 0 before anything is seen', () => {
    const changes = new ObjectStates().setLabels(['person', 'Cell Phone']);
    assert.deepEqual(changes, [
      present('any', 0, 0, null),
      present('person', 0, 0, null),
      present('cell_phone', 0, 0, null),
    ]);
  });

  it('counts confirmed and lost tracks, not tentative ones', () => {
    const states = new ObjectStates();
    const changes = states.update([
      sampleTrack({ id: 1, lastSeenMs: T0 }),
      sampleTrack({ id: 2, state: 'lost', stationary: true, lastSeenMs: T0 - 500 }),
      sampleTrack({ id: 3, state: 'tentative' }),
    ]);
    assert.deepEqual(changes, [present('person', 2, 1, T0), present('any', 2, 1, T0)]);
  });

  it('says nothing when nothing has changed', () => {
    const states = new ObjectStates();
    states.update([sampleTrack({ lastSeenMs: T0 })]);
    assert.deepEqual(states.update([sampleTrack({ lastSeenMs: T0 + 33 })]), []);
    assert.deepEqual(new ObjectStates().update([]), []);
  });

  it('moves last_seen on every 10 s while an object stays', () => {
    const states = new ObjectStates();
    const told: number[] = [];
    for (let ms = 0; ms <= 25_000; ms += 100) {
      for (const change of states.update([sampleTrack({ lastSeenMs: T0 + ms })])) {
        if (change.kind === 'present' && change.slug === 'person') told.push(ms);
      }
    }
    assert.deepEqual(told, [0, 10_000, 20_000]);
  });

  it('tells the last sight when the last object goes, not the frame on which it was given up', () => {
    const states = new ObjectStates();
    states.setLabels(['person']);
    states.update([sampleTrack({ lastSeenMs: T0 })]);
    states.update([sampleTrack({ lastSeenMs: T0 + 4_000 })]);
    assert.deepEqual(states.update([]), [
      present('any', 0, 0, T0 + 4_000),
      present('person', 0, 0, T0 + 4_000),
    ]);
  });

  it('does not wait for a wall clock that was set back', () => {
    const states = new ObjectStates();
    states.update([sampleTrack({ lastSeenMs: T0 })]);
    const back = T0 - 3_600_000;
    assert.deepEqual(states.update([sampleTrack({ lastSeenMs: back })]), [
      present('person', 1, 1, back),
      present('any', 1, 1, back),
    ]);
  });

  it('adds up labels that share a slug, and keeps a label called "any" apart from all together', () => {
    const states = new ObjectStates();
    const changes = states.update([
      sampleTrack({ id: 1, label: 'Pick-Up', lastSeenMs: T0 }),
      sampleTrack({ id: 2, label: 'pick-up', lastSeenMs: T0 }),
      sampleTrack({ id: 3, label: 'any', lastSeenMs: T0 }),
    ]);
    assert.deepEqual(changes, [
      present('pick-up', 2, 2, T0),
      present('any', 3, 3, T0),
      present('any_label', 1, 1, T0),
    ]);
  });

  it('forgets labels of the former model, but only when no object is left', () => {
    const states = new ObjectStates();
    states.setLabels(['person', 'dog']);
    const dog = sampleTrack({ label: 'dog', lastSeenMs: T0 });
    states.update([dog]);
    assert.deepEqual(states.setLabels(['bird']), [
      present('bird', 0, 0, null),
      { kind: 'gone', slug: 'person' },
    ]);
    assert.deepEqual(states.update([]), [present('any', 0, 0, T0), { kind: 'gone', slug: 'dog' }]);
  });
});
