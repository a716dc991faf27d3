import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { topicsOf } from '../../src/publishing/topics.js';

describe('topicsOf', () => {
  it('spells every topic as the contract does', () => {
    const topics = topicsOf({ base: 'lookout', node: 'pi', camera: 'porch' });
    assert.equal(topics.status, 'lookout/pi/status');
    assert.equal(topics.info, 'lookout/pi/info');
    assert.equal(topics.modelState, 'lookout/pi/model/state');
    assert.equal(topics.cameraStatus, 'lookout/pi/cam/porch/status');
    assert.equal(topics.object('any', 'lastSeen'), 'lookout/pi/cam/porch/object/any/last_seen');
    assert.equal(
      topics.zone('drive', 'any', 'zoneCount'),
      'lookout/pi/cam/porch/zone/drive/object/any/count',
    );
    assert.equal(topics.frame, 'lookout/pi/cam/porch/frame');
    assert.equal(topics.rosDetections, 'lookout/pi/cam/porch/ros/detections');
    assert.equal(topics.rosVisionInfo, 'lookout/pi/cam/porch/ros/vision_info');
    assert.equal(topics.rosLabelInfo, 'lookout/pi/cam/porch/ros/label_info');
    assert.equal(topics.event('person', 'end'), 'lookout/pi/cam/porch/event/person/end');
  });
});
