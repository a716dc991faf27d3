import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LooseMessages } from '../../src/publishing/loose-messages.js';
import type { Message } from '../../src/publishing/session.js';

function message(topic: string, payload: string, retain = false): Message {
  return { topic, payload, retain, contentType: null, qos: 0, expiryS: 2 };
}

function drain(loose: LooseMessages): (string | Uint8Array)[] {
  const payloads: (string | Uint8Array)[] = [];
  for (let parcel = loose.take(); parcel; parcel = loose.take()) {
    payloads.push(parcel.message.payload);
  }
  return payloads;
}

describe('LooseMessages', () => {
  it('keeps the order of what belongs together, and the newest of each kind', () => {
    const loose = new LooseMessages(100);
    loose.push('a', [message('meta', 'm1'), message('image', 'i1')]);
    loose.push('b', [message('frame', 'f1')]);
    assert.equal(loose.take()?.message.payload, 'm1');
    loose.push('a', [message('meta', 'm2'), message('image', 'i2')]);
    assert.deepEqual(drain(loose), ['f1', 'm2', 'i2']);
    assert.equal(loose.dropped, 1);
  });

  it('drops the longest waiting when there are too many bytes', () => {
    const loose = new LooseMessages(10);
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
    const loose = new LooseMessages(100);
    loose.push('a', [message('kept', 'x', true), message('not', 'x')]);
    drain(loose);
    assert.deepEqual([...loose.topics], ['kept']);
    loose.push('a', [message('kept', 'y', true)]);
    loose.forget('a', ['kept']);
    assert.deepEqual([...loose.topics], []);
    assert.deepEqual(drain(loose), []);
  });
});
