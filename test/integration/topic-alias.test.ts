import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../../src/publishing/session.js';
import { eventually } from '../helpers/eventually.js';
import { FaultProxy, type Witness } from '../helpers/fault-proxy.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import {
  type LoosePublish,
  PacketSplitter,
  PUBLISH,
  readLoosePublish,
} from '../helpers/mqtt-packets.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { ROOT, samplePublisher } from '../helpers/sample-publisher.js';

const TOPIC = `${ROOT}/cam/porch/frame`;
const OTHER = `${ROOT}/cam/porch/ros/detections`;

/** What each connection has sent with QoS 0. */
class LooseWitness implements Witness {
  readonly sent = new Map<number, LoosePublish[]>();
  readonly #splitters = new Map<number, PacketSplitter>();

  carried(connection: number, from: 'client' | 'broker', bytes: Buffer): void {
    if (from === 'broker') return;
    const splitter = this.#splitters.get(connection) ?? new PacketSplitter();
    this.#splitters.set(connection, splitter);
    const loose = splitter
      .push(bytes)
      .filter(({ type, flags }) => type === PUBLISH && (flags & 0x06) === 0);
    this.sent.set(connection, [
      ...(this.sent.get(connection) ?? []),
      ...loose.map(readLoosePublish),
    ]);
  }

  ended(): void {}

  /** Topic and alias of each message of a connection. */
  spelled(connection: number): (readonly [string, number | null])[] {
    return (this.sent.get(connection) ?? []).map(({ topic, alias }) => [topic, alias] as const);
  }
}

function message(topic: string, payload: string): Message {
  const form = { contentType: 'application/json', qos: 0, expiryS: 2 } as const;
  return { topic, payload, retain: false, isFrequent: true, ...form };
}

/** Publishes, and waits until a subscriber has it: nothing is overtaken. */
async function tell(
  publisher: ReturnType<typeof samplePublisher>,
  subscriber: MosquittoSubscriber,
  topic: string,
  payload: string,
): Promise<void> {
  publisher.publishLoose(topic, [message(topic, payload)]);
  await eventually(`${payload} on ${topic}`, () => subscriber.last(topic) === payload);
}

const isOnline = (subscriber: MosquittoSubscriber) => () =>
  subscriber.last(`${ROOT}/status`) === 'online';

describe('topic aliases', { skip: noMosquitto, concurrency: 4, timeout: 60_000 }, () => {
  it('stand for a topic from its second message on, and are told again on each connection', async () => {
    await using broker = await Mosquitto.start();
    const witness = new LooseWitness();
    await using proxy = await FaultProxy.start(broker.port, witness);
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using publisher = samplePublisher(proxy.url, new RecordingLog(), { protocol: 5 });
    await eventually('online', isOnline(subscriber));
    for (const payload of ['1', '2', '3']) {
      await tell(publisher, subscriber, TOPIC, payload);
      await tell(publisher, subscriber, OTHER, payload);
    }
    const expected = [
      [TOPIC, 1],
      [OTHER, 2],
      ['', 1],
      ['', 2],
      ['', 1],
      ['', 2],
    ];
    assert.deepEqual(witness.spelled(1), expected);

    proxy.cut();
    await eventually('a second connection', () => publisher.counters.reconnects === 1);
    for (const payload of ['4', '5']) await tell(publisher, subscriber, OTHER, payload);
    assert.deepEqual(witness.spelled(2), [
      [OTHER, 1],
      ['', 1],
    ]);
  });

  it('are not used with a broker that takes none', async () => {
    await using broker = await Mosquitto.start({ config: ['max_topic_alias 0'] });
    const witness = new LooseWitness();
    await using proxy = await FaultProxy.start(broker.port, witness);
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using publisher = samplePublisher(proxy.url, new RecordingLog(), { protocol: 5 });
    await eventually('online', isOnline(subscriber));
    for (const payload of ['1', '2', '3']) await tell(publisher, subscriber, TOPIC, payload);
    assert.deepEqual(witness.spelled(1), new Array(3).fill([TOPIC, null]));
  });

  it('are not used with MQTT 3.1.1, which knows none', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using publisher = samplePublisher(broker.url, new RecordingLog(), { protocol: 4 });
    await eventually('online', isOnline(subscriber));
    for (const payload of ['1', '2', '3']) await tell(publisher, subscriber, TOPIC, payload);
    assert.equal(publisher.counters.reconnects, 0);
  });

  it('leave further topics in full when there are no more', async () => {
    await using broker = await Mosquitto.start({ config: ['max_topic_alias 1'] });
    const witness = new LooseWitness();
    await using proxy = await FaultProxy.start(broker.port, witness);
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using publisher = samplePublisher(proxy.url, new RecordingLog(), { protocol: 5 });
    await eventually('online', isOnline(subscriber));
    for (const payload of ['1', '2']) {
      await tell(publisher, subscriber, TOPIC, payload);
      await tell(publisher, subscriber, OTHER, payload);
    }
    const expected = [
      [TOPIC, 1],
      [OTHER, null],
      ['', 1],
      [OTHER, null],
    ];
    assert.deepEqual(witness.spelled(1), expected);
  });
});

describe('a stream on a connection that stalls', { skip: noMosquitto, timeout: 60_000 }, () => {
  it('does not line up behind it: the newest is told, the others are counted', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await FaultProxy.start(broker.port);
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using publisher = samplePublisher(proxy.url, new RecordingLog(), { protocol: 5 });
    await eventually('online', isOnline(subscriber));
    proxy.set({ kind: 'freeze' });
    const filler = 'x'.repeat(64 * 1024);
    let count = 0;
    const push = () => {
      count += 1;
      publisher.publishLoose(TOPIC, [message(TOPIC, JSON.stringify({ count, filler }))]);
    };
    // The buffers of the kernel are some megabytes.
    await eventually('the buffers are full', () => {
      for (let i = 0; i < 20; i += 1) push();
      return publisher.counters.overtaken > 100;
    });
    const last = count;
    proxy.set({ kind: 'pass' });
    const seen = () =>
      subscriber.payloads(TOPIC).map((payload) => (JSON.parse(payload) as { count: number }).count);
    await eventually('the newest', () => seen().at(-1) === last, 20_000);
    assert.equal(seen().length + publisher.counters.overtaken, last);
  });

  it('keeps nothing while the broker is away', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using proxy = await FaultProxy.start(broker.port);
    proxy.set({ kind: 'refuse' });
    await using publisher = samplePublisher(proxy.url, new RecordingLog());
    publisher.publishLoose(TOPIC, [message(TOPIC, 'early')]);
    assert.equal(publisher.counters.overtaken, 1);
    proxy.set({ kind: 'pass' });
    await eventually('online', isOnline(subscriber));
    await tell(publisher, subscriber, TOPIC, 'new');
    assert.deepEqual(subscriber.payloads(TOPIC), ['new']);
  });
});
