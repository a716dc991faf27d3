import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventFlow } from '../../src/publishing/event-flow.js';
import { LiveEvents } from '../../src/publishing/live-events.js';
import { LooseMessages } from '../../src/publishing/loose-messages.js';
import { type PreambleMessage, PreambleQueue } from '../../src/publishing/preamble.js';
import { Replies } from '../../src/publishing/replies.js';
import { RetainedStates } from '../../src/publishing/retained-states.js';
import { type Parcel, SendOrder } from '../../src/publishing/send-order.js';
import { sampleEvent } from '../helpers/sample-tracks.js';

function setUp() {
  const sentFirst: PreambleMessage[] = [];
  const delivered: string[] = [];
  const states = new RetainedStates(100);
  const events = new LiveEvents({ maxEvents: 100, maxAgeMs: 10_000 });
  const replies = new Replies(2);
  const preamble = new PreambleQueue({
    retainedTopics: [],
    messages: () => sentFirst,
    delivered: () => delivered.push('delivered'),
  });
  const loose = new LooseMessages(100);
  const flow = new EventFlow({
    ...{ live: events, backlog: null, liveWindowMs: 10_000 },
    keep: () => assert.fail('there is no backlog'),
  });
  const order = new SendOrder({ preamble, states, events: flow, replies, loose });
  return { states, events, replies, loose, sentFirst, delivered, order };
}

function nameOf(parcel: Parcel): string {
  switch (parcel.kind) {
    case 'state':
      return `${parcel.topic}=${parcel.payload}`;
    case 'event':
      return parcel.id;
    case 'kept':
      return parcel.taken.entry.id;
    case 'preamble':
    case 'loose':
      return String(parcel.message.payload);
    case 'reply':
      return parcel.reply.payload;
    default:
      return parcel.status;
  }
}

/** Takes and acknowledges at most `limit` parcels. */
function send(order: SendOrder, limit = 100): string[] {
  const sent: string[] = [];
  for (let parcel = order.next(0); parcel; parcel = order.next(0)) {
    order.acknowledge(parcel);
    sent.push(nameOf(parcel));
    if (sent.length === limit) break;
  }
  return sent;
}

describe('SendOrder', () => {
  it('sends what may be lost when nothing else waits, and only on this connection', () => {
    const { states, events, loose, order } = setUp();
    const message = { topic: 't', retain: false, contentType: null, qos: 0, expiryS: 2 } as const;
    loose.push('a', [{ ...message, payload: 'lost' }]);
    order.startOver(0);
    loose.push('a', [{ ...message, payload: 'loose' }]);
    events.push(sampleEvent(), 'event', 0);
    states.set('state', '1');
    assert.deepEqual(send(order).sort().reverse(), ['state=1', 'online', 'loose', 'event']);
    loose.push('a', [{ ...message, payload: 'too late' }]);
    order.close();
    assert.deepEqual(send(order), ['offline']);
  });

  it('announces all states, then online, then events, on each connection', () => {
    const { states, events, order } = setUp();
    states.set('a', '1');
    states.set('b', '1');
    events.push(sampleEvent(), 'event', 0);
    order.startOver(0);
    assert.deepEqual(send(order), ['a=1', 'b=1', 'online', 'event']);
    order.startOver(0);
    assert.deepEqual(send(order), ['a=1', 'b=1', 'online']);
  });

  it('says online even if states never stop changing', () => {
    const { states, order } = setUp();
    states.set('a', '0');
    order.startOver(0);
    const sent: string[] = [];
    for (let value = 1; value <= 3; value += 1) {
      sent.push(...send(order, 1));
      states.set('a', String(value));
    }
    assert.deepEqual(sent, ['a=0', 'online', 'a=2']);
  });

  it('lets neither states nor events starve the other', () => {
    const { states, events, order } = setUp();
    order.startOver(0);
    send(order);
    for (const n of [1, 2, 3]) {
      states.set(`s${n}`, 'x');
      events.push(sampleEvent(), `e${n}`, 0);
    }
    const sent = send(order, 4);
    assert.equal(sent.filter((name) => name.startsWith('e')).length, 2);
  });

  it('says offline after everything else, and is finished when that is acknowledged', () => {
    const { states, events, order } = setUp();
    order.startOver(0);
    send(order);
    states.set('a', '1');
    const onItsWay = order.next(0);
    assert.ok(onItsWay);
    states.set('a', '0');
    events.push(sampleEvent(), 'event', 0);
    order.close();
    assert.deepEqual(send(order), ['event'], 'a=0 waits for the answer to a=1, and offline for it');
    order.acknowledge(onItsWay);
    assert.equal(order.isFinished, false);
    assert.deepEqual(send(order), ['a=0', 'offline']);
    assert.equal(order.isFinished, true);
  });

  it('does not say online on a connection that comes while closing', () => {
    const { states, order } = setUp();
    states.set('a', '0');
    order.close();
    order.startOver(0);
    assert.deepEqual(send(order), ['a=0', 'offline']);
  });

  it('sends answers before events, and no more of them than it keeps', () => {
    const { events, replies, order } = setUp();
    order.startOver(0);
    events.push(sampleEvent(), 'event', 0);
    for (const payload of ['first', 'second', 'third']) {
      replies.push({ topic: 'response/ping', payload, correlationData: null, expiryS: 60 });
    }
    assert.deepEqual(send(order), ['online', 'first', 'second', 'event']);
    assert.equal(replies.dropped, 1);
  });

  it('begins with the preamble, in its order, and says when it is through', () => {
    const { states, sentFirst, delivered, order } = setUp();
    const message = {
      topic: 't',
      retain: true,
      contentType: 'application/json',
      qos: 1,
      expiryS: null,
    } as const;
    sentFirst.push({ ...message, payload: 'first' }, { ...message, payload: 'second' });
    states.set('a', '1');
    order.startOver(0);
    assert.deepEqual(send(order, 1), ['first']);
    assert.deepEqual(delivered, []);
    assert.deepEqual(send(order), ['second', 'a=1', 'online']);
    assert.deepEqual(delivered, ['delivered']);
    order.announce();
    assert.deepEqual(send(order), ['first', 'second', 'a=1', 'online']);
  });

  it('announces all again when it is asked to', () => {
    const { states, order } = setUp();
    states.set('a', '1');
    order.startOver(0);
    send(order);
    order.announce();
    assert.deepEqual(send(order), ['a=1', 'online']);
  });
});
