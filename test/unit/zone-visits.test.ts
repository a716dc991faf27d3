import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Zone } from '../../src/domain/zone.js';
import { ZoneVisits } from '../../src/tracking/zone-visits.js';
import { boxAt, jittered, seededRandom } from '../helpers/scene.js';

/** Half of the frame, to the bottom. */
const RIGHT: Zone = {
  id: 'right',
  points: [
    { x: 0.5, y: 0 },
    { x: 1, y: 0 },
    { x: 1, y: 1 },
    { x: 0.5, y: 1 },
  ],
  labels: [],
};

const LEFT: Zone = {
  ...RIGHT,
  id: 'left',
  points: RIGHT.points.map(({ x, y }) => ({ x: 1 - x, y })),
};

/** Shows an object at places of x, one in 100 ms, and gives the zones that it is in after each. */
function walk(places: readonly number[], zones: readonly Zone[] = [RIGHT], height = 0.4) {
  const visits = new ZoneVisits();
  const inside = places.map((x, index) => {
    visits.see(boxAt(x, 0.5, 0.1, height), zones, index * 100);
    return visits.visits.flatMap(({ zone, isInside }) => (isInside ? zone : [])).join(' ');
  });
  return { inside, visits };
}

describe('ZoneVisits', () => {
  it('goes by the middle of the bottom edge', () => {
    const floor = { ...RIGHT, points: RIGHT.points.map(({ x, y }) => ({ x, y: 0.7 + 0.3 * y })) };
    const visits = new ZoneVisits();
    visits.see(boxAt(0.75, 0.4, 0.2, 0.4), [floor], 0);
    assert.deepEqual(visits.visits, []);
    const feet = new ZoneVisits();
    feet.see(boxAt(0.75, 0.4, 0.2, 0.7), [floor], 0);
    assert.equal(feet.visits.length, 1);
  });

  it('takes what the frame cuts off for standing at its edge', () => {
    const visits = new ZoneVisits();
    visits.see({ xMin: 0.9, yMin: 0.5, xMax: 1.3, yMax: 1.2 }, [RIGHT], 0);
    assert.equal(visits.visits[0]?.isInside, true);
  });

  it('counts the first sighting at once, and later changes from the second one on', () => {
    assert.deepEqual(walk([0.7, 0.3, 0.3, 0.7, 0.7]).inside, ['right', 'right', '', '', 'right']);
  });

  it('takes no notice of a single wrong box', () => {
    const { inside, visits } = walk([0.2, 0.2, 0.8, 0.2, 0.8, 0.2, 0.2]);
    assert.deepEqual(new Set(inside), new Set(['']));
    assert.deepEqual(visits.visits, []);
  });

  it('does not flap while an object jitters on the edge', () => {
    const random = seededRandom(7);
    const visits = new ZoneVisits();
    for (let frame = 0; frame < 3000; frame += 1) {
      visits.see(jittered(boxAt(0.5, 0.5, 0.1, 0.4), random, 0.1), [RIGHT], frame * 66);
    }
    assert.deepEqual(
      visits.visits.map(({ entries, isInside }) => ({ entries, isInside })),
      [{ entries: 1, isInside: true }],
    );
  });

  it('lets an object leave when it is clearly outside, by its own size', () => {
    assert.equal(walk([0.6, 0.49, 0.49, 0.49]).inside.at(-1), 'right');
    assert.equal(walk([0.6, 0.49, 0.49, 0.49], [RIGHT], 0.1).inside.at(-1), '');
  });

  it('adds up the time of all stays', () => {
    const { visits } = walk([0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8]);
    // Leaving and entering are each noticed a sighting late.
    assert.deepEqual(visits.visits, [
      { zone: 'right', isInside: true, entries: 2, dwellMs: 400 + 100 },
    ]);
  });

  it('has the zone that was entered last at the end', () => {
    const { visits } = walk([0.2, 0.8, 0.8, 0.2, 0.2], [RIGHT, LEFT]);
    assert.deepEqual(
      visits.visits.map(({ zone, entries }) => `${zone} ${entries}`),
      ['right 1', 'left 2'],
    );
  });

  it('is in all zones that overlap', () => {
    assert.deepEqual(walk([0.8], [RIGHT, { ...RIGHT, id: 'too' }]).inside, ['right too']);
  });
});
