import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Zone } from '../../src/domain/zone.js';
import { ObjectBoard } from '../../src/publishing/object-board.js';
import { RetainedStates } from '../../src/publishing/retained-states.js';
import { topicsOf } from '../../src/publishing/topics.js';
import { sampleTrack } from '../helpers/sample-tracks.js';

const POINTS = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
];
const DRIVE: Zone = { id: 'drive', points: POINTS, labels: [] };
const DOGS: Zone = { id: 'dogs', points: POINTS, labels: ['dog'] };

const IN_DRIVE = [{ zone: 'drive', isInside: true, entries: 1, dwellMs: 0 }];

/** What is told of zones, as `zone label value=payload`, until nothing is due. */
function board(...zones: readonly Zone[]) {
  const states = new RetainedStates(1_000);
  const topics = topicsOf({ base: 'b', node: 'n', camera: 'c' });
  const told = (): string[] => {
    const list: string[] = [];
    for (let parcel = states.take(); parcel; parcel = states.take()) {
      states.acknowledge(parcel.topic);
      const [, zone, label, value] = /\/zone\/(.+)\/object\/(.+)\/(.+)$/.exec(parcel.topic) ?? [];
      if (zone) list.push(`${zone} ${label} ${value}=${parcel.payload}`);
    }
    return list;
  };
  return { objects: new ObjectBoard(states, topics, zones), told };
}

describe('ObjectBoard', () => {
  it('has every zone empty before anything is seen, for the labels that count in it', () => {
    const { objects, told } = board(DRIVE, DOGS);
    objects.setLabels(['person', 'dog']);
    assert.deepEqual(
      told().filter((line) => line.includes('count')),
      [
        ...['any', 'person', 'dog'].map((label) => `drive ${label} count=0`),
        ...['any', 'dog'].map((label) => `dogs ${label} count=0`),
      ],
    );
  });

  it('counts who is in a zone, and tells only what changes', () => {
    const { objects, told } = board(DRIVE);
    objects.setLabels(['person', 'dog']);
    told();
    const inside = sampleTrack({ id: 1, zones: IN_DRIVE });
    const left = sampleTrack({
      id: 2,
      zones: [{ zone: 'drive', isInside: false, entries: 1, dwellMs: 0 }],
    });
    objects.setTracks([inside, left]);
    assert.deepEqual(told(), [
      'drive person occupancy=ON',
      'drive person count=1',
      'drive any occupancy=ON',
      'drive any count=1',
    ]);
    // Neither coming to rest nor being seen again is news of a zone.
    const later = inside.lastSeenMs + 60_000;
    objects.setTracks([{ ...inside, stationary: true, lastSeenMs: later }, left]);
    assert.deepEqual(told(), []);
    objects.setTracks([inside, sampleTrack({ id: 3, label: 'dog', zones: IN_DRIVE })]);
    assert.deepEqual(told(), ['drive any count=2', 'drive dog occupancy=ON', 'drive dog count=1']);
    objects.setTracks([]);
    assert.equal(told().length, 6);
  });

  it('clears the topics of labels that are gone', () => {
    const { objects, told } = board(DRIVE);
    objects.setLabels(['person', 'dog']);
    told();
    objects.setLabels(['person']);
    assert.deepEqual(told(), ['drive dog occupancy=', 'drive dog count=']);
  });
});
