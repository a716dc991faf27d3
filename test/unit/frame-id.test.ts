import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { frameIdOf } from '../../src/domain/frame-id.js';

describe('frameIdOf', () => {
  it('is as configured, else that of the optical frame of the camera', () => {
    assert.equal(frameIdOf({ id: 'porch', frame_id: null }), 'porch_optical');
    assert.equal(frameIdOf({ id: 'porch', frame_id: 'map' }), 'map');
  });
});
