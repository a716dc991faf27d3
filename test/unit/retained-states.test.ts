import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RetainedStates } from '../../src/publishing/retained-states.js';

function drain(states: RetainedStates): string[] {
  const taken: string[] = [];
  for (let parcel = states.take(); parcel; parcel = states.take()) {
    taken.push(`${parcel.topic}=${parcel.payload}`);
  }
  return taken;
}

describe('RetainedStates', () => {
  it('hands over each value once', () => {
    const states = new RetainedStates(10);
    states.set('a', '1');
    states.set('a', '1');
    assert.deepEqual(drain(states), ['a=1']);
    states.acknowledge('a');
    states.set('a', '1');
    assert.deepEqual(drain(states), []);
  });

  it('keeps only the newest value of a topic that waits', () => {
    const states = new RetainedStates(10);
    states.set('a', '1');
    states.set('b', '1');
    states.set('a', '2');
    assert.deepEqual(drain(states), ['a=2', 'b=1']);
  });

  it('has one message of a topic on its way at a time', () => {
    const states = new RetainedStates(10);
    states.set('a', '1');
    states.take();
    states.set('a', '2');
    states.set('a', '3');
    assert.equal(states.take(), null);
    assert.equal(states.hasDue, true);
    states.acknowledge('a');
    assert.deepEqual(drain(states), ['a=3']);
  });

  it('has nothing to tell when a value is back to what was handed over', () => {
    const states = new RetainedStates(10);
    states.set('a', '1');
    states.take();
    states.set('a', '2');
    states.set('a', '1');
    states.acknowledge('a');
    assert.deepEqual(drain(states), []);
  });

  it('hands over everything again on a new connection, unanswered values included', () => {
    const states = new RetainedStates(10);
    states.set('a', '1');
    states.set('b', '1');
    states.take();
    assert.equal(states.startOver(), 2);
    assert.deepEqual(drain(states), ['a=1', 'b=1']);
  });

  it('clears a topic with an empty value, and again on every connection', () => {
    const states = new RetainedStates(10);
    states.set('a', '1');
    states.clear('a');
    states.clear('never-set');
    assert.deepEqual(drain(states), ['a=']);
    states.startOver();
    assert.deepEqual(drain(states), ['a=']);
    assert.deepEqual(states.topics, ['a']);
    states.acknowledge('a');
    assert.deepEqual(states.topics, []);
    assert.equal(states.startOver(), 1);
    assert.deepEqual(drain(states), ['a=']);
    states.acknowledge('a');
    states.set('a', '2');
    assert.deepEqual(states.topics, ['a']);
    assert.deepEqual(drain(states), ['a=2']);
  });

  it('forgets a topic that was cleared when there is no room for another', () => {
    const states = new RetainedStates(2);
    states.set('a', '1');
    states.set('b', '1');
    states.clear('a');
    states.set('c', '1');
    assert.equal(states.refused, 1);
    assert.deepEqual(drain(states), ['a=', 'b=1']);
    states.acknowledge('a');
    states.startOver();
    states.set('c', '1');
    assert.deepEqual(drain(states), ['b=1', 'c=1']);
    assert.equal(states.refused, 1);
  });

  it('refuses and counts topics beyond its limit', () => {
    const states = new RetainedStates(2);
    for (const topic of ['a', 'b', 'c', 'd']) states.set(topic, '1');
    states.set('a', '2');
    assert.deepEqual(drain(states), ['a=2', 'b=1']);
    assert.equal(states.refused, 2);
  });

  it('clears adopted topics that are not set, and those only', () => {
    const states = new RetainedStates(10);
    states.set('a', '1');
    states.adopt(['a', 'b', 'c']);
    states.set('c', '{}');
    assert.deepEqual(drain(states), ['a=1', 'b=', 'c={}']);
    for (const topic of ['a', 'b', 'c']) states.acknowledge(topic);
    assert.deepEqual(states.topics, ['a', 'c']);
  });

  it('gives the same list of topics until it changes', () => {
    const states = new RetainedStates(10);
    states.set('a', '1');
    const { topics } = states;
    states.set('a', '2');
    assert.equal(states.topics, topics);
    states.set('b', '1');
    assert.deepEqual(states.topics, ['a', 'b']);
  });
});
