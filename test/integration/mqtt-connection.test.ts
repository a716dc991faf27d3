import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSession } from '../../src/publishing/mqtt-connection.js';
import type { Login } from '../../src/publishing/session.js';
import { readConnect } from '../helpers/connect-packet.js';
import { eventually } from '../helpers/eventually.js';
import {
  CONNACK_UNSUPPORTED_V4,
  CONNACK_UNSUPPORTED_V5,
  DISCONNECT_TAKEN_OVER,
  FaultProxy,
} from '../helpers/fault-proxy.js';
import { freePort } from '../helpers/free-port.js';
import { Mosquitto, noMosquitto } from '../helpers/mosquitto.js';
import { MosquittoSubscriber } from '../helpers/mosquitto-subscriber.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { RecordingProxy } from '../helpers/recording-proxy.js';
import { ROOT, samplePublisher } from '../helpers/sample-publisher.js';

const STATUS = `${ROOT}/status`;

function online(subscriber: MosquittoSubscriber): Promise<unknown> {
  return eventually('the publisher is online', () => subscriber.last(STATUS) === 'online');
}

const NEVER = new AbortController().signal;

/** As a client whose will goes to the topic `will`. */
function login(port: number, will: string): Login {
  return {
    endpoint: { host: '127.0.0.1', port, tls: null, path: null },
    clientId: 'lookout-pi',
    username: null,
    password: null,
    will: {
      topic: will,
      payload: 'offline',
      retain: false,
      qos: 1,
      contentType: null,
      expiryS: null,
    },
    onMessage: () => {},
  };
}

describe('openSession', { skip: noMosquitto, concurrency: 4, timeout: 30_000 }, () => {
  const refusals = [
    { how: 'answers MQTT 5 with reason 0x84', bytes: CONNACK_UNSUPPORTED_V5 },
    { how: 'answers MQTT 5 with return code 1', bytes: CONNACK_UNSUPPORTED_V4 },
    { how: 'hangs up on MQTT 5', bytes: [] },
  ];
  for (const { how, bytes } of refusals) {
    it(`falls back to MQTT 3.1.1 with a broker that ${how}`, async () => {
      await using broker = await Mosquitto.start();
      await using proxy = await FaultProxy.start(broker.port);
      proxy.set({ kind: 'answer-v5', bytes });
      await using subscriber = await MosquittoSubscriber.start(broker.port);
      const log = new RecordingLog();
      await using _publisher = samplePublisher(proxy.url, log);
      await online(subscriber);
      assert.equal(JSON.parse(subscriber.last(`${ROOT}/info`) ?? '').protocol, 4);
      assert.equal(log.having('with MQTT 3.1.1').length, 1);
      assert.equal(proxy.accepted, 2);
    });
  }

  it('does not fall back when MQTT 5 is demanded', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await FaultProxy.start(broker.port);
    proxy.set({ kind: 'answer-v5', bytes: CONNACK_UNSUPPORTED_V5 });
    const log = new RecordingLog();
    await using _publisher = samplePublisher(proxy.url, log, { protocol: 5 });
    await eventually('tried again', () => proxy.accepted >= 2);
    assert.match(log.lines.join('\n'), /Unsupported Protocol Version/);
    assert.equal(log.having('Connected').length, 0);
  });

  it('speaks MQTT 3.1.1 when asked to', async () => {
    await using broker = await Mosquitto.start();
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using _publisher = samplePublisher(broker.url, new RecordingLog(), { protocol: 4 });
    await online(subscriber);
    assert.equal(JSON.parse(subscriber.last(`${ROOT}/info`) ?? '').protocol, 4);
  });

  it('logs in with user name and password', async () => {
    const user = { name: 'cam', password: 'right' };
    await using broker = await Mosquitto.start({ user });
    const login = ['-u', user.name, '-P', user.password];
    await using subscriber = await MosquittoSubscriber.start(broker.port, ...login);
    const options = { username: user.name, password: user.password };
    await using _publisher = samplePublisher(broker.url, new RecordingLog(), options);
    await online(subscriber);
  });

  for (const protocol of [4, 5] as const) {
    it(`says once that the password is wrong, without telling it (MQTT version ${protocol})`, async () => {
      await using broker = await Mosquitto.start({ user: { name: 'cam', password: 'right' } });
      await using proxy = await FaultProxy.start(broker.port);
      const url = `mqtt://cam:very-secret@127.0.0.1:${proxy.port}`;
      const log = new RecordingLog();
      await using _publisher = samplePublisher(url, log, { protocol });
      await eventually('refused', () => log.lines.length > 0);
      await sleep(1_000);
      assert.equal(proxy.accepted, 1, 'a refused login is not tried again within seconds');
      assert.equal(log.lines.length, 1);
      const expected = `error Cannot connect to the broker "mqtt://127.0.0.1:${proxy.port}": the broker says "`;
      assert.ok(log.lines[0]?.startsWith(expected), log.lines[0]);
      assert.doesNotMatch(log.lines.join(), /secret/);
    });
  }

  it('reports a client that takes the session over, and does not fight it', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await FaultProxy.start(broker.port);
    const log = new RecordingLog();
    await using publisher = samplePublisher(proxy.url, log);
    await eventually('connected', () => publisher.counters.connectedSinceMs !== null);
    proxy.say(DISCONNECT_TAKEN_OVER);
    await eventually('pushed out', () => publisher.counters.connectedSinceMs === null);
    assert.match(log.lines.at(-1) ?? '', /^error Lost the broker ".*": .*Session taken over/);
    assert.match(log.lines.at(-1) ?? '', /another client uses the client id "lookout-pi" too/);
    assert.equal(publisher.conflict?.count, 1);
    await sleep(1_000);
    assert.equal(proxy.accepted, 1);
  });

  for (const protocol of [5, 4] as const) {
    it(`names the client id that two Lookouts share (MQTT version ${protocol})`, async () => {
      await using broker = await Mosquitto.start();
      const logs = [new RecordingLog(), new RecordingLog()] as const;
      await using first = samplePublisher(broker.url, logs[0], { protocol });
      await using second = samplePublisher(broker.url, logs[1], { protocol });
      await eventually('noticed', () => (first.conflict ?? second.conflict) !== null, 20_000);
      const said = [...logs[0].lines, ...logs[1].lines].filter((line) => line.startsWith('error'));
      assert.match(said[0] ?? '', /another client uses the client id "lookout-pi" too, give each/);
    });
  }

  it('says on the wire what the session is to be', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await RecordingProxy.start(broker.port);
    const names = { username: 'me', password: 'secret' };
    {
      await using publisher = samplePublisher(proxy.url, new RecordingLog(), names);
      await eventually('connected', () => publisher.counters.connectedSinceMs !== null);
    }
    const packet = readConnect(proxy.sent[0] ?? Buffer.alloc(0));
    assert.deepEqual(packet, {
      version: 5,
      cleanStart: true,
      keepAliveS: 10,
      // Session expiry, receive maximum, maximum packet size.
      properties: new Map([
        [0x11, 0],
        [0x21, 32],
        [0x27, 256 * 1024],
      ]),
      clientId: 'lookout-pi',
      // No will delay, which is a delay of 0.
      will: { topic: STATUS, payload: 'offline', qos: 1, retain: true, properties: new Map() },
      username: 'me',
      password: 'secret',
    });
    const farewell = proxy.sent[0]?.subarray(-4) ?? [];
    assert.equal(Buffer.from(farewell).toString('hex').includes('e00'), true);
  });

  for (const protocol of [5, 4] as const) {
    it(`closes with and without the will (MQTT version ${protocol})`, async () => {
      await using broker = await Mosquitto.start();
      await using subscriber = await MosquittoSubscriber.start(broker.port);
      for (const how of ['done', 'with-will'] as const) {
        await using proxy = await RecordingProxy.start(broker.port);
        const opened = await openSession(login(proxy.port, how), protocol, NEVER);
        assert.ok(opened.kind === 'open');
        await opened.session.close(how);
        const bytes = proxy.sent[0]?.toString('hex') ?? '';
        if (protocol === 5)
          assert.match(bytes, how === 'done' ? /e0020000$|e00100$|e000$/ : /e0020400$|e00104$/);
        else assert.equal(bytes.endsWith('e000'), how === 'done');
      }
      await eventually('the will', () => subscriber.last('with-will') === 'offline');
      assert.equal(subscriber.last('done'), undefined);
    });
  }

  it('says good-bye on a websocket, and cuts it when the broker has frozen', async () => {
    const port = await freePort();
    const config = [`listener ${port} 127.0.0.1`, 'protocol websockets'];
    await using broker = await Mosquitto.start({ config });
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    await using proxy = await FaultProxy.start(port);
    for (const topic of ['done', 'frozen']) {
      const endpoint = { host: '127.0.0.1', port: proxy.port, tls: null, path: '/mqtt' };
      const opened = await openSession({ ...login(0, topic), endpoint }, 5, NEVER);
      assert.ok(opened.kind === 'open');
      if (topic === 'frozen') proxy.set({ kind: 'freeze' });
      await opened.session.close();
      assert.equal((await opened.session.closed).kind, 'hung-up');
    }
    proxy.cut();
    await eventually('the will', () => subscriber.last('frozen') === 'offline');
    assert.equal(subscriber.last('done'), undefined);
  });

  it('counts a message that is too large for the broker, and goes on with the rest', async () => {
    await using broker = await Mosquitto.start({ config: ['max_packet_size 300'] });
    await using subscriber = await MosquittoSubscriber.start(broker.port);
    const log = new RecordingLog();
    await using publisher = samplePublisher(broker.url, log);
    await online(subscriber);
    assert.equal(publisher.counters.refused, 1);
    assert.equal(subscriber.last(`${ROOT}/info`), undefined);
    assert.match(log.lines.join('\n'), /Cannot publish to "lookout\/pi\/info": \d+ bytes/);
  });

  it('explains that nobody listens', async () => {
    const log = new RecordingLog();
    await using broker = await Mosquitto.prepare();
    await using _publisher = samplePublisher(`mqtt://localhost:${broker.port}`, log);
    await eventually('failed', () => log.lines.length > 0);
    assert.match(log.lines[0] ?? '', /connection refused, no broker listens there; trying again$/);
  });
});
