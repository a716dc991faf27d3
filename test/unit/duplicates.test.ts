import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { showSameObject } from '../../src/tracking/duplicates.js';
import { boxAt } from '../helpers/scene.js';

describe('showSameObject', () => {
  it('is true of boxes that overlap too little for the detector to merge them', () => {
    assert.equal(showSameObject(boxAt(0.5, 0.5), boxAt(0.58, 0.5)), true);
  });

  it('is true of a part of an object and of a box around more than it', () => {
    const whole = boxAt(0.5, 0.5, 0.2, 0.6);
    assert.equal(showSameObject(whole, boxAt(0.5, 0.35, 0.18, 0.25)), true);
    assert.equal(showSameObject(boxAt(0.5, 0.5, 0.5, 0.8), whole), true);
  });

  it('is false of things side by side', () => {
    assert.equal(showSameObject(boxAt(0.4, 0.5), boxAt(0.55, 0.5)), false);
    assert.equal(showSameObject(boxAt(0.2, 0.5), boxAt(0.8, 0.5)), false);
  });

  it('is false of something small in front of something large', () => {
    assert.equal(showSameObject(boxAt(0.5, 0.5, 0.4, 0.8), boxAt(0.5, 0.6, 0.1, 0.2)), false);
  });
});
