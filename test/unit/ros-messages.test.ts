import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rosDetections, rosLabelInfo, rosVisionInfo } from '../../src/publishing/ros-messages.js';
import { SAMPLE_MODEL, sampleEvent, sampleTrack } from '../helpers/sample-tracks.js';

const { frame } = sampleEvent();

const RULES = {
  model: {
    ...SAMPLE_MODEL,
    input: { widthPx: 1, heightPx: 1, dtype: 'uint8', scale: 1, zeroPoint: 0, normalisation: null },
    outputLayout: {
      kind: 'postprocess',
      boxesIndex: 0,
      classesIndex: 1,
      scoresIndex: 2,
      countIndex: 3,
    },
    labels: ['person', null, 'dog'],
    fit: 'stretch',
  },
  version: 7,
  threshold: 0.5,
  sinceMs: 1_700_000_000_000,
  frameId: 'map',
} as const;

describe('rosDetections', () => {
  it('gives every field of Detection2DArray', () => {
    const header = { stamp: { sec: 1_700_000_002, nanosec: 500_000_000 }, frame_id: 'map' };
    assert.deepEqual(rosDetections(frame, [sampleTrack({ id: 12, classId: 3 })], 'map'), {
      header,
      detections: [
        {
          header,
          results: [
            {
              hypothesis: { class_id: '3', score: 0.75 },
              pose: {
                pose: {
                  position: { x: 0, y: 0, z: 0 },
                  orientation: { x: 0, y: 0, z: 0, w: 1 },
                },
                covariance: new Array(36).fill(0),
              },
            },
          ],
          bbox: {
            center: { position: { x: 240, y: 360 }, theta: 0 },
            size_x: 160,
            size_y: 240,
          },
          id: '12',
        },
      ],
    });
  });

  it('clips a box to the frame before it is measured', () => {
    const track = sampleTrack({ box: { xMin: -0.5, yMin: 0.5, xMax: 0.5, yMax: 1.5 } });
    const bbox = rosDetections(frame, [track], 'map').detections[0]?.bbox;
    assert.deepEqual(bbox?.center.position, { x: 160, y: 360 });
    assert.deepEqual([bbox?.size_x, bbox?.size_y], [320, 240]);
  });

  it('stamps to the ms of `capture`, so that they compare', () => {
    const { header } = rosDetections({ ...frame, capturedAtMs: 1_700_000_002_500.9 }, [], 'map');
    assert.equal(header.stamp.nanosec, 500_000_000);
  });
});

describe('rosVisionInfo', () => {
  it('names the model, its version and where its labels are', () => {
    assert.deepEqual(rosVisionInfo(RULES, 'labels/topic'), {
      header: { stamp: { sec: 1_700_000_000, nanosec: 0 }, frame_id: 'map' },
      method: 'ssd',
      database_location: 'labels/topic',
      database_version: 7,
    });
  });
});

describe('rosLabelInfo', () => {
  it('leaves out classes that have no label', () => {
    const { class_map, threshold } = rosLabelInfo(RULES);
    assert.deepEqual(class_map, [
      { class_id: 0, class_name: 'person' },
      { class_id: 2, class_name: 'dog' },
    ]);
    assert.equal(threshold, 0.5);
  });
});
