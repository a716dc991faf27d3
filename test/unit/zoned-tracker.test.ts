import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Track } from '../../src/domain/track.js';
import type { Zone } from '../../src/domain/zone.js';
import { ZonedTracker } from '../../src/tracking/zoned-tracker.js';
import { sampleTrack } from '../helpers/sample-tracks.js';
import { boxAt, detectedAt } from '../helpers/scene.js';

const POINTS = [
  { x: 0.5, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0.5, y: 1 },
];
const DRIVE: Zone = { id: 'drive', points: POINTS, labels: [] };
const DOGS: Zone = { id: 'dogs', points: POINTS, labels: ['dog'] };

const INSIDE = { box: boxAt(0.8, 0.5, 0.1, 0.2) };
const OUTSIDE = { box: boxAt(0.2, 0.5, 0.1, 0.2) };

/** Tracks are what the test says. */
function tracking(zones: readonly Zone[]) {
  let now: readonly Track[] = [];
  let atMs = 0;
  const tracker = new ZonedTracker({ update: () => now, reset: () => {} }, zones);
  return {
    tracker,
    show: (...tracks: readonly Track[]) => {
      now = tracks;
      atMs += 100;
      return tracker.update(detectedAt(atMs, []));
    },
  };
}

function zonesIn(tracks: readonly Track[]): string[] {
  return tracks.map(({ zones }) =>
    zones.flatMap(({ zone, isInside }) => (isInside ? zone : [])).join(' '),
  );
}

describe('ZonedTracker', () => {
  it('gives tracks as they are without zones', () => {
    const { show } = tracking([]);
    const track = sampleTrack(INSIDE);
    assert.equal(show(track)[0], track);
  });

  it('says for each track which zones it is in, by its label too', () => {
    const { show } = tracking([DRIVE, DOGS]);
    const tracks = [
      sampleTrack({ id: 1, ...INSIDE }),
      sampleTrack({ id: 2, ...OUTSIDE }),
      sampleTrack({ id: 3, label: 'dog', ...INSIDE }),
    ];
    assert.deepEqual(zonesIn(show(...tracks)), ['drive', '', 'drive dogs']);
  });

  it('leaves a lost track where it was seen', () => {
    const { show } = tracking([DRIVE]);
    show(sampleTrack(INSIDE));
    const lost = sampleTrack({ state: 'lost', missedFrames: 1, ...OUTSIDE });
    show(lost);
    assert.deepEqual(zonesIn(show(lost)), ['drive']);
    // Two sightings elsewhere are needed, whatever was expected meanwhile.
    assert.deepEqual(zonesIn(show(sampleTrack(OUTSIDE))), ['drive']);
    assert.deepEqual(zonesIn(show(sampleTrack(OUTSIDE))), ['']);
  });

  it('forgets a track that has gone', () => {
    const { show } = tracking([DRIVE]);
    show(sampleTrack(INSIDE));
    show();
    assert.deepEqual(show(sampleTrack(OUTSIDE))[0]?.zones, []);
  });

  it('has nobody in a zone that is off, and lets them enter when it is on again', () => {
    const { tracker, show } = tracking([DRIVE, { ...DRIVE, id: 'lawn' }]);
    const track = sampleTrack(INSIDE);
    show(track);
    tracker.switchZone('drive', false);
    assert.deepEqual(zonesIn(show(track)), ['lawn']);
    assert.deepEqual(
      show(track)[0]?.zones.map(({ zone }) => zone),
      ['lawn'],
    );
    tracker.switchZone('drive', true);
    show(track);
    assert.deepEqual(zonesIn(show(track)), ['lawn drive']);
  });

  it('refuses to switch a zone that there is not', () => {
    const { tracker } = tracking([DRIVE]);
    assert.throws(() => tracker.switchZone('moon', true), /"moon".*valid are drive/);
    assert.throws(() => tracking([]).tracker.switchZone('moon', true), /valid are none/);
  });
});
