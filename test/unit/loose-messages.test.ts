import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LooseMessages } from '../../src/publishing/loose-messages.js';
import type { Message } from '../../src/publishing/session.js';

function message(topic: string, payload: string, retain = false): Message {
  return { topic, payload, retain, contentType: null, qos: 0, expiryS: 2 };
}

function connected(maxBytes: number): LooseMessages {
  const loose = new LooseMessages(maxBytes);
  loose.startOver();
  return loose;
}

function drain(loose: LooseMessages): (string | Uint8Array)[] {
  const payloads: (string | Uint8Array)[] = [];
  for (let parcel = loose.take(); parcel; parcel = loose.take()) {
    payloads.push(parcel.message.payload);
    loose.acknowledge(parcel);
  }
  return payloads;
}

describe('LooseMessages', () => {
  it('keeps the order of what belongs together, and the newest of each kind', () => {
    const loose = connected(100);
    loose.push('a', [message('meta', 'm1'), message('image', 'i1')]);
    loose.push('b', [message('frame', 'f1')]);
    const first = loose.take();
    assert.equal(first?.message.payload, 'm1');
    loose.push('a', [message('meta', 'm2'), message('image', 'i2')]);
    loose.acknowledge(first);
    assert.deepEqual(drain(loose), ['f1', 'm2', 'i2']);
    assert.equal(loose.dropped, 1);
  });

  it('has one of each kind on its way, so that none lines up behind a slow one', () => {
    const loose = connected(100);
    loose.push('a', [message('a', 'a1')]);
    const slow = loose.take();
    for (const payload of ['a2', 'a3', 'a4']) loose.push('a', [message('a', payload)]);
    loose.push('b', [message('b', 'b1')]);
    assert.deepEqual(drain(loose), ['b1']);
    assert.ok(slow);
    loose.acknowledge(slow);
    assert.deepEqual(drain(loose), ['a4']);
    assert.equal(loose.dropped, 2);
  });

  it('keeps nothing while there is no connection, and counts it', () => {
    const loose = new LooseMessages(100);
    assert.equal(loose.push('a', [message('a', 'early', true)]), false);
    loose.startOver();
    assert.deepEqual(drain(loose), []);
    loose.push('a', [message('a', 'unanswered')]);
    loose.take();
    loose.push('a', [message('a', 'waits')]);
    loose.cutOff();
    loose.push('a', [message('a', 'late')]);
    loose.startOver();
    loose.push('a', [message('a', 'new')]);
    assert.deepEqual(drain(loose), ['new']);
    assert.equal(loose.dropped, 3);
    assert.deepEqual([...loose.topics], []);
  });

  it('drops the longest waiting when there are too many bytes', () => {
    const loose = connected(10);
    loose.push('a', [message('a', '12345')]);
    loose.push('b', [message('b', '12345')]);
    loose.push('c', [message('c', '1')]);
    assert.deepEqual(drain(loose), ['12345', '1']);
    loose.push('huge', [message('huge', '12345678901')]);
    assert.deepEqual(drain(loose), []);
    loose.push('a', [message('a', '1234567890')]);
    assert.deepEqual(drain(loose), ['1234567890']);
  });

  it('knows which topics hold something, until they are forgotten', () => {
    const loose = connected(100);
    loose.push('a', [message('kept', 'x', true), message('not', 'x')]);
    drain(loose);
    assert.deepEqual([...loose.topics], ['kept']);
    loose.push('a', [message('kept', 'y', true)]);
    loose.forget('a', ['kept']);
    assert.deepEqual([...loose.topics], []);
    assert.deepEqual(drain(loose), []);
  });
});
