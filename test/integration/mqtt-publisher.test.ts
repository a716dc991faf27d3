import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connectAsync } from 'mqtt';
import type { AlertPayload } from '../../src/contract/alert-schema.js';
import type { IncomingMessage } from '../../src/contract/incoming-message.js';
import { RetainedManifest } from '../../src/publishing/retained-manifest.js';
import { eventually } from '../helpers/eventually.js';
import { FaultProxy } from '../helpers/fault-proxy.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber, type SeenMessage } from '../helpers/mosquitto-subscriber.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { ROOT, samplePublisher } from '../helpers/sample-publisher.js';
import { sampleEvent, sampleTrack } from '../helpers/sample-tracks.js';
import { tempFolder } from '../helpers/temp-folder.js';

const STATUS = `${ROOT}/status`;
const CAMERA = `${ROOT}/cam/porch/status`;
const SINCE = '2026-01-01T00:00:00.000Z';
const COUNT = `${ROOT}/cam/porch/object/person/count`;

/** Topics that are retained from the start on, with two labels. */
const STATE_TOPICS = [
  `${ROOT}/info`,
  `${ROOT}/model/state`,
  CAMERA,
  ...['any', 'person', 'dog'].flatMap((label) =>
    ['occupancy', 'count', 'active'].map((value) => `${ROOT}/cam/porch/object/${label}/${value}`),
  ),
];

function tracks(count: number) {
  const list = Array.from({ length: count }, (_, index) => sampleTrack({ id: index + 1 }));
  return { kind: 'tracks', tracks: list, capturedAtMs: Date.now() } as const;
}

function becomes(subscriber: MosquittoSubscriber, topic: string, payload: string, ms?: number) {
  return eventually(`${topic} becomes ${payload}`, () => subscriber.last(topic) === payload, ms);
}

function events(subscriber: MosquittoSubscriber): { id: string; seq: number; queued_ms: number }[] {
  return subscriber.payloads('/event/').map((payload) => JSON.parse(payload));
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('MqttPublisher', { skip: noMosquitto, concurrency: 4, timeout: 60_000 }, () => {
  it('announces every state and then online, and sends all as the contract asks', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using publisher = samplePublisher(broker.url, new RecordingLog());
    await becomes(subscriber, STATUS, 'online');
    const isCleared = ({ payload }: SeenMessage) => payload === '';
    const announced = subscriber.messages.filter(
      (message) => message.topic.startsWith(ROOT) && !isCleared(message),
    );
    assert.deepEqual(announced.map(({ topic }) => topic).sort(), [...STATE_TOPICS, STATUS].sort());
    assert.equal(announced.at(-1)?.topic, STATUS);
    assert.equal(subscriber.last(CAMERA), 'offline');
    assert.equal(subscriber.last(COUNT), '0');
    assert.equal(subscriber.last(COUNT.replace('count', 'occupancy')), 'OFF');
    assert.equal(JSON.parse(subscriber.last(`${ROOT}/info`) ?? '').protocol, 5);

    publisher.setState({ kind: 'camera', online: true });
    publisher.setState(tracks(2));
    publisher.publishEvent(sampleEvent());
    const event = await eventually('the event comes', () =>
      subscriber.messages.find(({ topic }) => topic === `${ROOT}/cam/porch/event/person/start`),
    );
    await becomes(subscriber, COUNT, '2');
    await becomes(subscriber, CAMERA, 'online');

    const isEvent = (message: SeenMessage) => message === event;
    for (const message of subscriber.messages.filter(({ topic }) => topic.startsWith(ROOT))) {
      assert.equal(message.qos, 1, message.topic);
      assert.equal(message.retain, !isEvent(message), message.topic);
      assert.equal(message.expiryS, isEvent(message) ? '3600' : '', message.topic);
      const isJson = message.payload.startsWith('{');
      assert.equal(message.contentType, isJson ? 'application/json' : '', message.topic);
      if (isJson) assert.equal(JSON.parse(message.payload).v, 1, message.topic);
    }
  });

  it('says nothing when nothing has changed', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using publisher = samplePublisher(broker.url, new RecordingLog());
    for (let n = 0; n < 100; n += 1) publisher.setState(tracks(1));
    publisher.publishEvent(sampleEvent());
    await eventually('the event comes', () => events(subscriber).length === 1);
    await becomes(subscriber, STATUS, 'online');
    assert.deepEqual(
      subscriber.payloads('/person/count').filter((payload) => payload !== '0'),
      ['1'],
    );
  });

  it('takes leave with zeroed states and offline, and without a will', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const publisher = samplePublisher(broker.url, new RecordingLog());
    publisher.setState({ kind: 'camera', online: true });
    publisher.setState(tracks(3));
    await becomes(subscriber, STATUS, 'online');
    for (let n = 0; n < 300; n += 1) publisher.publishEvent(sampleEvent({ phase: 'end' }));
    await publisher[Symbol.asyncDispose]();
    await becomes(subscriber, STATUS, 'offline');
    assert.equal(subscriber.last(COUNT), '0');
    assert.equal(subscriber.last(CAMERA), 'offline');
    assert.equal(events(subscriber).length, 300);
    assert.equal(subscriber.messages.at(-1)?.topic, STATUS);
    await using later = await MosquittoSubscriber.start(broker.port);
    assert.equal(later.last(STATUS), 'offline');
    assert.deepEqual(subscriber.payloads(STATUS), ['online', 'offline']);
  });

  it('leaves a will that says offline when the process is killed', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const program = fileURLToPath(new URL('../helpers/publisher-process.js', import.meta.url));
    const child = spawn(process.execPath, [program, broker.url], { stdio: 'inherit' });
    try {
      await becomes(subscriber, STATUS, 'online', 20_000);
    } finally {
      child.kill('SIGKILL');
    }
    await becomes(subscriber, STATUS, 'offline');
    const will = subscriber.messages.findLast(({ topic }) => topic === STATUS);
    assert.equal(will?.retain, true);
    assert.equal(will?.qos, 1);
  });

  it('finds a broker that appears only later', async () => {
    await using broker = await Mosquitto.prepare();
    const log = new RecordingLog();
    await using publisher = samplePublisher(broker.url, log);
    publisher.setState(tracks(1));
    await sleep(1_000);
    assert.equal(log.having('Cannot connect').length, 1);
    await broker.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await becomes(subscriber, STATUS, 'online', 5_000);
    assert.equal(subscriber.last(COUNT), '1');
  });

  it('has every state right again within 5 s of the return of a broker that forgot all', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await FaultProxy.start(broker.port);
    await using publisher = samplePublisher(proxy.url, new RecordingLog());
    publisher.setState(tracks(1));
    await eventually('connected', () => publisher.counters.connectedSinceMs !== null);
    await broker.stop();
    await eventually('cut off', () => publisher.counters.connectedSinceMs === null);
    publisher.setState({ kind: 'camera', online: true });
    publisher.setState(tracks(4));
    proxy.set({ kind: 'refuse' });
    await broker.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    proxy.set({ kind: 'pass' });

    await becomes(subscriber, STATUS, 'online', 5_000);
    const announced = subscriber.messages.filter(({ topic }) => topic.startsWith(ROOT));
    for (const topic of STATE_TOPICS) {
      assert.ok(
        announced.some((message) => message.topic === topic),
        topic,
      );
    }
    assert.equal(announced.at(-1)?.topic, STATUS);
    assert.equal(subscriber.last(COUNT), '4');
    assert.equal(subscriber.last(CAMERA), 'online');
    assert.equal(publisher.counters.reconnects, 1);
  });

  it('sends events of an outage afterwards, but not those that are no longer news', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await FaultProxy.start(broker.port);
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const log = new RecordingLog();
    await using publisher = samplePublisher(proxy.url, log, { liveWindowMs: 5_000 });
    await becomes(subscriber, STATUS, 'online');
    proxy.set({ kind: 'refuse' });
    proxy.cut();
    await eventually('cut off', () => publisher.counters.connectedSinceMs === null);
    publisher.publishEvent(sampleEvent());
    await sleep(5_100);
    publisher.publishEvent(sampleEvent({ phase: 'end' }));
    subscriber.messages.length = 0;
    proxy.set({ kind: 'pass' });

    const [event] = await eventually('the younger event comes', () => {
      const found = events(subscriber);
      return found.length > 0 && found;
    });
    assert.equal(event?.seq, 2);
    assert.ok(event.queued_ms > 0 && event.queued_ms <= 5_000, String(event.queued_ms));
    const order = subscriber.messages.map(({ topic }) => topic);
    assert.ok(order.indexOf(STATUS) < order.findIndex((topic) => topic.includes('/event/')));
    assert.deepEqual(publisher.counters.droppedEvents, { queueFull: 0, tooOld: 1 });
    assert.equal(
      log.having('Events lost because the broker did not take them in time: 1').length,
      1,
    );
  });

  it('clears the topics of labels that a new model does not know', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using publisher = samplePublisher(broker.url, new RecordingLog());
    await becomes(subscriber, STATUS, 'online');
    publisher.setState({ kind: 'labels', labels: ['bird'] });
    await becomes(subscriber, COUNT, '');
    await becomes(subscriber, COUNT.replace('person', 'dog'), '');
    await using later = await MosquittoSubscriber.start(broker.port);
    assert.equal(later.last(COUNT), undefined);
    assert.equal(later.last(COUNT.replace('person', 'bird')), '0');
  });

  it('tells who is in a zone, and clears the zone of an earlier run', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const file = join(tempFolder(), 'topics.json');
    const points = [
      { x: 0, y: 0 },
      { x: 1, y: 0 },
      { x: 1, y: 1 },
    ];
    const ofZone = (id: string, value: string) =>
      `${ROOT}/cam/porch/zone/${id}/object/person/${value}`;
    const run = (id: string) =>
      samplePublisher(broker.url, new RecordingLog(), {
        zones: [{ id, points, labels: [] }],
        manifest: new RetainedManifest(file, new RecordingLog()),
      });
    {
      await using publisher = run('old');
      await becomes(subscriber, ofZone('old', 'count'), '0');
      const zones = [{ zone: 'old', isInside: true, entries: 1, dwellMs: 0 }];
      const list = [sampleTrack({ id: 1, zones }), sampleTrack({ id: 2 })];
      publisher.setState({ kind: 'tracks', tracks: list, capturedAtMs: Date.now() });
      await becomes(subscriber, ofZone('old', 'count'), '1');
      await becomes(subscriber, ofZone('old', 'occupancy'), 'ON');
      await becomes(subscriber, COUNT, '2');
    }
    await becomes(subscriber, ofZone('old', 'occupancy'), 'OFF');
    await using _publisher = run('new');
    await becomes(subscriber, ofZone('new', 'count'), '0');
    await becomes(subscriber, ofZone('old', 'count'), '');
    await using later = await MosquittoSubscriber.start(broker.port);
    assert.deepEqual(
      later.messages.filter(({ topic }) => topic.includes('/zone/old/')),
      [],
    );
  });

  it('stays within its bounds while the broker is frozen, and is right afterwards', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await FaultProxy.start(broker.port);
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const log = new RecordingLog();
    await using publisher = samplePublisher(proxy.url, log);
    await becomes(subscriber, STATUS, 'online');
    proxy.set({ kind: 'freeze' });

    const heapBefore = heapBytes();
    const startedMs = performance.now();
    let calls = 0;
    let inCallsMs = 0;
    let mostPending = 0;
    while (performance.now() - startedMs < 20_000) {
      const callsMs = performance.now();
      for (let n = 0; n < 10; n += 1) {
        calls += 1;
        publisher.setState(tracks(1 + (calls % 5)));
        publisher.publishEvent(sampleEvent());
      }
      inCallsMs += performance.now() - callsMs;
      mostPending = Math.max(mostPending, publisher.counters.pendingEvents);
      await sleep(20);
    }
    publisher.setState(tracks(7));
    assert.ok(calls > 3_000, `only ${calls} calls`);
    assert.ok(inCallsMs / calls < 2, `${inCallsMs / calls} ms a call`);
    assert.ok(mostPending <= 512, `${mostPending} events kept`);
    const grownBytes = heapBytes() - heapBefore;
    assert.ok(grownBytes < 16e6, `the heap grew by ${grownBytes} bytes`);
    assert.ok(log.having('the broker has stopped answering').length === 1, log.lines.join('\n'));

    proxy.set({ kind: 'pass' });
    await becomes(subscriber, COUNT, '7', 5_000);
    await becomes(subscriber, STATUS, 'online');
    await eventually('all events are out', () => publisher.counters.pendingEvents === 0);
    await subscriber.caughtUp();
    const seqs = events(subscriber).map(({ seq }) => seq);
    const unique = [...new Set(seqs)];
    assert.deepEqual(
      unique,
      unique.toSorted((a, b) => a - b),
    );
    assert.equal(unique.at(-1), calls);
    const { queueFull, tooOld } = publisher.counters.droppedEvents;
    assert.ok(unique.length + queueFull + tooOld >= calls, 'each event was sent or counted');
  });

  it('takes leave within 2 s of a broker that is frozen, and at once of one that is away', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await FaultProxy.start(broker.port);
    const frozen = samplePublisher(proxy.url, new RecordingLog());
    await eventually('connected', () => frozen.counters.connectedSinceMs !== null);
    proxy.set({ kind: 'freeze' });
    frozen.publishEvent(sampleEvent());
    const frozenMs = performance.now();
    await frozen[Symbol.asyncDispose]();
    const tookMs = performance.now() - frozenMs;
    assert.ok(tookMs < 2_200, `${tookMs} ms`);

    await broker.stop();
    const log = new RecordingLog();
    const away = samplePublisher(broker.url, log);
    await eventually('the broker is known to be away', () => log.lines.length > 0);
    away.publishEvent(sampleEvent());
    const awayMs = performance.now();
    await away[Symbol.asyncDispose]();
    assert.ok(performance.now() - awayMs < 1_000);
    assert.equal(
      log.having('Events lost because the broker did not take them in time: 1').length,
      1,
    );
  });

  it('takes leave of a broker that it is just connecting to', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const publisher = samplePublisher(broker.url, new RecordingLog());
    publisher.publishEvent(sampleEvent());
    await publisher[Symbol.asyncDispose]();
    await becomes(subscriber, STATUS, 'offline');
    assert.equal(events(subscriber).length, 1);
    assert.deepEqual(subscriber.payloads(STATUS), ['offline']);
  });

  it('clears what an earlier run has left and this one does not have', async () => {
    await using broker = await Mosquitto.start();
    const file = join(tempFolder(), 'topics.json');
    const manifest = () => new RetainedManifest(file, new RecordingLog());
    const first = samplePublisher(broker.url, new RecordingLog(), {
      manifest: manifest(),
      nodeId: 'old',
    });
    await eventually('the first is there', () => first.counters.connectedSinceMs !== null);
    await first[Symbol.asyncDispose]();
    await using before = await MosquittoSubscriber.start(broker.port);
    assert.equal(before.last('lookout/old/status'), 'offline');

    const options = { manifest: manifest() };
    await using second = samplePublisher(broker.url, new RecordingLog(), options);
    await becomes(before, STATUS, 'online');
    await becomes(before, 'lookout/old/status', '');
    await using after = await MosquittoSubscriber.start(broker.port);
    const left = after.messages.filter(({ topic }) => topic.startsWith('lookout/old/'));
    assert.deepEqual(left, []);
    assert.equal(after.last(COUNT), '0');
    assert.equal(second.counters.refused, 0);
  });

  for (const protocol of [4, 5] as const) {
    it(`clears alerts of an earlier life before it says online (MQTT ${protocol})`, async () => {
      await using broker = await Mosquitto.start();
      await using subscriber = await MosquittoSubscriber.start(broker.port);
      const asker = await connectAsync(broker.url);
      const lost = `${ROOT}/alert/camera_lost`;
      const hot = `${ROOT}/alert/hot`;
      for (const topic of [lost, hot]) {
        await asker.publishAsync(topic, '{"v":1}', { retain: true, qos: 1 });
      }
      await asker.endAsync();
      await becomes(subscriber, hot, '{"v":1}');
      await using publisher = samplePublisher(broker.url, new RecordingLog(), { protocol });
      const alert: AlertPayload = {
        ...{ v: 1, id: 'hot', level: 'degraded', detail: 'now', since: SINCE },
      };
      publisher.setState({ kind: 'alert', id: 'hot', alert });
      await becomes(subscriber, STATUS, 'online');
      assert.equal(subscriber.last(lost), '');
      assert.equal(JSON.parse(subscriber.last(hot) ?? '').detail, 'now');
      // Nor is the one that stands taken away for a moment.
      assert.ok(!subscriber.messages.some((m) => m.topic === hot && m.payload === ''));
    });
  }

  it('listens before it says online, to what is sent and not to what was kept', async () => {
    for (const protocol of [5, 4] as const) {
      await using broker = await Mosquitto.start();
      await using subscriber = await MosquittoSubscriber.start(broker.port);
      const client = await connectAsync(broker.url);
      await client.publishAsync(`${ROOT}/request/kept`, 'x', { retain: true });
      const received: IncomingMessage[] = [];
      const receive = (message: IncomingMessage): void => void received.push(message);
      const filters = [`${ROOT}/request/#`, `${ROOT}/set/#`];
      const inbox = { filters, keptFilters: [], receive };
      const options = { inbox, protocol };
      await using _publisher = samplePublisher(broker.url, new RecordingLog(), options);
      await becomes(subscriber, STATUS, 'online');
      await client.publishAsync(`${ROOT}/set/detect`, 'ON', { qos: 1 });
      await client.publishAsync(`${ROOT}/request/ping`, '{}', { qos: 1, retain: true });
      const topics = () => received.map(({ topic }) => topic);
      await eventually('both have come', () => topics().includes(`${ROOT}/request/ping`));
      const retained = received.filter(({ retain }) => retain).map(({ topic }) => topic);
      // MQTT 3.1.1 gives what was kept, and does not tell whether what is sent is to be.
      const expected = protocol === 5 ? `${ROOT}/request/ping` : `${ROOT}/request/kept`;
      assert.deepEqual(retained, [expected]);
      assert.ok(topics().includes(`${ROOT}/set/detect`));
      await client.endAsync();
    }
  });
});
